// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.taskplatform.kit.problem.ErrorFormat;
import dev.taskplatform.kit.problem.Problem;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.user.oauth.protocol.OAuthError;
import io.helidon.common.media.type.MediaType;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.Status;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Errors of the OAuth endpoints: {@code {"error", "error_description"}} (RFC 6749, section 5.2). */
public final class OAuthErrorFormat implements ErrorFormat {
    private static final String ENDPOINTS = "/oauth2/";

    /** Section 5.2 wants 400 for whatever is malformed. */
    private static final Set<ProblemType> BAD_REQUESTS =
            Set.of(ProblemType.MALFORMED_BODY, ProblemType.UNSUPPORTED_MEDIA_TYPE);

    private static final Set<String> OWN_CODES =
            Arrays.stream(OAuthError.values()).map(OAuthError::code).collect(Collectors.toUnmodifiableSet());

    private static final Pattern NOT_ALLOWED = Pattern.compile("[^\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]");

    /** Whether errors of a path have this format. */
    public static boolean covers(String path) {
        return path.startsWith(ENDPOINTS);
    }

    /** An error of the protocol as a kind of problem. */
    static ProblemType type(OAuthError error) {
        Status status = error == OAuthError.INVALID_CLIENT ? Status.UNAUTHORIZED_401 : Status.BAD_REQUEST_400;
        return new ProblemType(error.code().replace('_', '-'), status, "The request was refused");
    }

    @Override
    public Status status(Problem problem) {
        return BAD_REQUESTS.contains(problem.type())
                ? Status.BAD_REQUEST_400
                : problem.type().status();
    }

    @Override
    public MediaType mediaType() {
        return MediaTypes.APPLICATION_JSON;
    }

    @Override
    public JsonNode body(Problem problem) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("error", code(problem.type()))
                .put("error_description", NOT_ALLOWED.matcher(problem.detail()).replaceAll("'"));
    }

    private static String code(ProblemType type) {
        String own = type.slug().replace('-', '_');
        if (OWN_CODES.contains(own)) {
            return own;
        }
        return switch (type.status().code()) {
            // RFC 6750, section 3.1
            case 401 -> "invalid_token";
            case 403 -> "insufficient_scope";
            case 429, 503 -> OAuthError.TEMPORARILY_UNAVAILABLE.code();
            default -> type.status().code() < 500 ? OAuthError.INVALID_REQUEST.code() : "server_error";
        };
    }
}
