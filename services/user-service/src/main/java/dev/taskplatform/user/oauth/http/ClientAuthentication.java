// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.http;

import dev.taskplatform.kit.http.TextBody;
import dev.taskplatform.kit.limit.RateLimiter;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.user.oauth.client.ClientAuthenticator;
import dev.taskplatform.user.oauth.client.Credentials;
import dev.taskplatform.user.oauth.kubernetes.KubernetesUnavailableException;
import dev.taskplatform.user.oauth.protocol.OAuthError;
import dev.taskplatform.user.oauth.protocol.OAuthException;
import dev.taskplatform.user.oauth.protocol.Parameters;
import io.helidon.common.media.type.MediaType;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import java.util.List;
import java.util.Optional;

/**
 * Lets a request through to its handler only with a form and from a client that has proved who it is. Answers
 * {@link OAuthException}s of the handler, too.
 */
public final class ClientAuthentication {
    /** Of forms. */
    public static final MediaType FORM = MediaTypes.create("application", "x-www-form-urlencoded");

    /** RFC 9110 wants it with every 401, RFC 6749 only where the client used it. */
    private static final Header CHALLENGE =
            HeaderValues.createCached(HeaderNames.WWW_AUTHENTICATE, "Basic realm=\"taskplatform\"");

    private final ClientAuthenticator clients;
    private final RateLimiter limiter;

    /**
     * @param clients decides who a client is
     * @param limiter how many may try
     */
    public ClientAuthentication(ClientAuthenticator clients, RateLimiter limiter) {
        this.clients = clients;
        this.limiter = limiter;
    }

    /** A handler that answers 401 invalid_client unless the client is known, and 429 to too many requests. */
    public Handler required(ClientHandler handler) {
        return limiter.limited((request, response) -> {
            try {
                Parameters form = Parameters.parse(TextBody.read(request, FORM));
                handler.handle(
                        clients.authenticate(Credentials.of(authorization(request), form)), form, request, response);
            } catch (OAuthException e) {
                throw problem(e);
            } catch (KubernetesUnavailableException e) {
                throw ProblemException.unavailable(e.getMessage() + ". Try again later.", e.retryAfter(), e);
            }
        });
    }

    private static Optional<String> authorization(ServerRequest request) {
        List<String> values = request.headers().all(HeaderNames.AUTHORIZATION, List::of);
        if (values.size() > 1) {
            throw new OAuthException(OAuthError.INVALID_REQUEST, "There is more than one Authorization header");
        }
        return values.stream().findFirst();
    }

    private static ProblemException problem(OAuthException e) {
        ProblemException problem = new ProblemException(OAuthErrorFormat.type(e.error()), e.getMessage());
        return e.error() == OAuthError.INVALID_CLIENT ? problem.with(CHALLENGE) : problem;
    }
}
