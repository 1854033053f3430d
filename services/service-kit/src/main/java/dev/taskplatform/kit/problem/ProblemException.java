// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.problem;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Ends the handling of a request with an error that the client is meant to see. */
public final class ProblemException extends RuntimeException {
    /** Response header: what is left of a limit. Stays on errors. */
    public static final HeaderName RATE_LIMIT = HeaderNames.create("RateLimit");
    /** Response header: the limit. Stays on errors. */
    public static final HeaderName RATE_LIMIT_POLICY = HeaderNames.create("RateLimit-Policy");

    private final transient ProblemType type;
    private final transient List<FieldError> errors;
    private final transient List<Header> headers;

    /**
     * @param type kind of error; gives the status
     * @param detail a sentence about this occurrence: what was wrong, where, what to do
     */
    public ProblemException(ProblemType type, String detail) {
        this(type, detail, List.of(), List.of(), null);
    }

    private ProblemException(
            ProblemType type, String detail, List<FieldError> errors, List<Header> headers, Throwable cause) {
        super(detail, cause);
        this.type = type;
        this.errors = List.copyOf(errors);
        this.headers = List.copyOf(headers);
    }

    /** Invalid fields or parameters, all that were found. */
    public static ProblemException invalidFields(List<FieldError> errors) {
        String detail = errors.size() == 1
                ? "One field is not valid; see errors."
                : errors.size() + " fields are not valid; see errors.";
        return new ProblemException(ProblemType.INVALID_FIELDS, detail, errors, List.of(), null);
    }

    /** One invalid field or parameter. */
    public static ProblemException invalidField(FieldError error) {
        return invalidFields(List.of(error));
    }

    /**
     * Overload or outage: 503 with {@code Retry-After}.
     *
     * @param detail what cannot be reached or is overloaded, in the client's terms
     * @param retryAfter when a retry makes sense; rounded up to whole seconds
     * @param cause goes to the log, not to the client; may be null
     */
    public static ProblemException unavailable(String detail, Duration retryAfter, Throwable cause) {
        return new ProblemException(ProblemType.UNAVAILABLE, detail, List.of(), List.of(), cause)
                .withRetryAfter(retryAfter);
    }

    /** The same problem with {@code Retry-After}, rounded up to whole seconds and at least one. */
    public ProblemException withRetryAfter(Duration retryAfter) {
        long seconds = Math.max(1, retryAfter.plusMillis(999).toSeconds());
        return with(HeaderValues.create(HeaderNames.RETRY_AFTER, seconds));
    }

    /** The same problem with the header that every 401 has: how to authenticate (RFC 6750, section 3). */
    public ProblemException withChallenge() {
        return with(HeaderValues.create(HeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"taskplatform\""));
    }

    /** The same problem with one more response header. */
    public ProblemException with(Header header) {
        List<Header> more = new ArrayList<>(headers);
        more.add(header);
        return new ProblemException(type, getMessage(), errors, more, getCause());
    }

    /** Kind of error. */
    public ProblemType type() {
        return type;
    }

    /** Invalid fields, empty for other kinds. */
    public List<FieldError> errors() {
        return errors;
    }

    /** Response headers that belong to the error, such as {@code Allow}. */
    public List<Header> headers() {
        return headers;
    }
}
