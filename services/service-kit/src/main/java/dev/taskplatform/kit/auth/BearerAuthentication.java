// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.auth;

import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.webserver.http.Handler;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lets a request through to its handler only with a valid access token in {@code Authorization: Bearer}. */
public final class BearerAuthentication {
    private static final String CHALLENGE = "Bearer realm=\"taskplatform\"";
    /** The b64token of RFC 6750, section 2.1. */
    private static final Pattern CREDENTIALS =
            Pattern.compile("bearer +([A-Za-z0-9._~+/-]+=*)", Pattern.CASE_INSENSITIVE);

    private final AccessTokenVerifier verifier;

    /** @param verifier decides which tokens are valid */
    public BearerAuthentication(AccessTokenVerifier verifier) {
        this.verifier = verifier;
    }

    /** A handler that answers 401 with {@code WWW-Authenticate} unless the caller is known. */
    public Handler required(AuthenticatedHandler handler) {
        return (request, response) -> handler.handle(authenticate(request.headers()), request, response);
    }

    private AccessToken authenticate(ServerRequestHeaders headers) {
        List<String> values = headers.all(HeaderNames.AUTHORIZATION, List::of);
        Matcher credentials = values.size() == 1 ? CREDENTIALS.matcher(values.getFirst()) : null;
        if (credentials == null || !credentials.matches()) {
            throw new ProblemException(
                            ProblemType.AUTHENTICATION_REQUIRED,
                            "Send one header Authorization: Bearer with the access token of a session.")
                    .with(challenge(""));
        }
        try {
            return verifier.verify(credentials.group(1));
        } catch (InvalidTokenException e) {
            throw new ProblemException(ProblemType.INVALID_TOKEN, e.getMessage() + ". Sign in again.")
                    .with(challenge(", error=\"invalid_token\", error_description=\"" + e.getMessage() + "\""));
        }
    }

    private static Header challenge(String parameters) {
        return HeaderValues.create(HeaderNames.WWW_AUTHENTICATE, CHALLENGE + parameters);
    }
}
