// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.problem;

import io.helidon.http.Status;
import java.net.URI;

/**
 * A kind of error that clients can tell apart by its {@code type} URI (RFC 9457, section 3.1.1).
 *
 * @param slug last segment of the URI; stable once published
 * @param status HTTP status that goes with it
 * @param title short text, the same for every occurrence
 */
public record ProblemType(String slug, Status status, String title) {
    private static final String BASE = "https://taskplatform.dev/problems/";
    private static final Status REQUEST_HEADER_FIELDS_TOO_LARGE = Status.create(431, "Request Header Fields Too Large");

    /** The request is not HTTP as we understand it. */
    public static final ProblemType BAD_REQUEST =
            new ProblemType("bad-request", Status.BAD_REQUEST_400, "The request is malformed");
    /** The body cannot be parsed. */
    public static final ProblemType MALFORMED_BODY =
            new ProblemType("malformed-body", Status.BAD_REQUEST_400, "The body is not valid JSON");
    /** The body or a parameter was understood and has values that are not allowed; {@code errors} names them. */
    public static final ProblemType INVALID_FIELDS =
            new ProblemType("invalid-fields", Status.BAD_REQUEST_400, "The request has invalid fields");
    /** No credentials came with the request. */
    public static final ProblemType AUTHENTICATION_REQUIRED =
            new ProblemType("authentication-required", Status.UNAUTHORIZED_401, "An access token is required");
    /** The access token is not valid (any more). */
    public static final ProblemType INVALID_TOKEN =
            new ProblemType("invalid-token", Status.UNAUTHORIZED_401, "The access token is not valid");
    /** Neither a route nor, for the caller, a resource is there. */
    public static final ProblemType NOT_FOUND = new ProblemType("not-found", Status.NOT_FOUND_404, "Nothing is here");
    /** The route exists for other methods; they are in the {@code Allow} header. */
    public static final ProblemType METHOD_NOT_ALLOWED =
            new ProblemType("method-not-allowed", Status.METHOD_NOT_ALLOWED_405, "The method is not allowed here");
    /** The body is longer than {@code server.max-payload-size}. */
    public static final ProblemType PAYLOAD_TOO_LARGE =
            new ProblemType("payload-too-large", Status.REQUEST_ENTITY_TOO_LARGE_413, "The body is too large");
    /** The request line is too long. */
    public static final ProblemType URI_TOO_LONG =
            new ProblemType("uri-too-long", Status.REQUEST_URI_TOO_LONG_414, "The request URI is too long");
    /** The body's media type is not the one that the route reads. */
    public static final ProblemType UNSUPPORTED_MEDIA_TYPE = new ProblemType(
            "unsupported-media-type", Status.UNSUPPORTED_MEDIA_TYPE_415, "The media type is not supported");
    /** The request's header fields are too long together. */
    public static final ProblemType HEADERS_TOO_LARGE =
            new ProblemType("headers-too-large", REQUEST_HEADER_FIELDS_TOO_LARGE, "The header fields are too large");
    /** The client has asked more than one may; {@code Retry-After} says when to come back. */
    public static final ProblemType TOO_MANY_REQUESTS =
            new ProblemType("too-many-requests", Status.TOO_MANY_REQUESTS_429, "Too many requests");
    /** Too many wrong passwords for a name or from an address; {@code Retry-After} says when to come back. */
    public static final ProblemType TOO_MANY_ATTEMPTS =
            new ProblemType("too-many-attempts", Status.TOO_MANY_REQUESTS_429, "Too many failed attempts to sign in");
    /** Somebody has as many of something as one may have. */
    public static final ProblemType LIMIT_REACHED =
            new ProblemType("limit-reached", Status.CONFLICT_409, "A limit is reached");
    /** Our fault; the log has the reason under the request id. */
    public static final ProblemType INTERNAL_ERROR =
            new ProblemType("internal-error", Status.INTERNAL_SERVER_ERROR_500, "The server failed");
    /** The request needs a feature of HTTP that the server does not have. */
    public static final ProblemType NOT_IMPLEMENTED =
            new ProblemType("not-implemented", Status.NOT_IMPLEMENTED_501, "The server does not support this");
    /** Something the request needs is overloaded or away; {@code Retry-After} says when to come back. */
    public static final ProblemType UNAVAILABLE =
            new ProblemType("unavailable", Status.SERVICE_UNAVAILABLE_503, "The service cannot answer right now");
    /** The request's HTTP version is not supported. */
    public static final ProblemType VERSION_NOT_SUPPORTED = new ProblemType(
            "version-not-supported", Status.HTTP_VERSION_NOT_SUPPORTED_505, "The HTTP version is not supported");

    /**
     * A kind of error of the model, which knows no HTTP but what its errors are.
     *
     * @param status 400 to 599
     */
    public static ProblemType of(String slug, int status, String title) {
        return new ProblemType(slug, Status.create(status), title);
    }

    /** The {@code status} member. */
    public int statusCode() {
        return status.code();
    }

    /** The {@code type} member. */
    public URI uri() {
        return URI.create(BASE + slug);
    }
}
