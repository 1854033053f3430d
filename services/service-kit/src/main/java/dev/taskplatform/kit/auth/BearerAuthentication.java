// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.auth;

import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lets a request through to its handler only with a valid access token in {@code Authorization: Bearer}. */
public final class BearerAuthentication {
    private static final ProblemType INSUFFICIENT_SCOPE =
            new ProblemType("insufficient-scope", Status.FORBIDDEN_403, "The access token is not for this");
    private static final ProblemType ADMIN_REQUIRED =
            new ProblemType("admin-required", Status.FORBIDDEN_403, "This is for administrators");
    private static final ProblemType PERSON_REQUIRED =
            new ProblemType("person-required", Status.FORBIDDEN_403, "This is for persons");
    private static final ProblemType SERVICE_REQUIRED =
            new ProblemType("service-required", Status.FORBIDDEN_403, "This is for services");

    private static final String CHALLENGE = "Bearer realm=\"taskplatform\"";
    /** The b64token of RFC 6750, section 2.1. */
    private static final Pattern CREDENTIALS =
            Pattern.compile("bearer +([A-Za-z0-9._~+/-]+=*)", Pattern.CASE_INSENSITIVE);

    private final AccessTokenVerifier verifier;
    private final Predicate<AccessToken> live;
    private final Predicate<AccessToken> administers;

    /**
     * For who learns of the end of a session, and need not wait until its tokens expire; administrators are those whom
     * their tokens call so.
     *
     * @param verifier decides which tokens are valid
     * @param live decides of valid ones which still are good; asked once a request
     */
    public BearerAuthentication(AccessTokenVerifier verifier, Predicate<AccessToken> live) {
        this(verifier, live, token -> true);
    }

    /**
     * For the issuer, which knows.
     *
     * @param verifier decides which tokens are valid
     * @param live decides of valid ones which still are good; asked once a request
     * @param administers decides of administrators' who still are; their tokens may be older than what was decided about
     *     them
     */
    public BearerAuthentication(
            AccessTokenVerifier verifier, Predicate<AccessToken> live, Predicate<AccessToken> administers) {
        this.verifier = verifier;
        this.live = live;
        this.administers = administers;
    }

    /**
     * For persons: answers 401 with {@code WWW-Authenticate} unless the caller is known, 403 unless it is a person whose
     * token has the scope (RFC 6750, section 3.1).
     */
    public Handler user(String scope, AuthenticatedHandler handler) {
        return (request, response) -> handler.handle(person(request, scope), request, response);
    }

    /** As {@link #user} with the scope {@value AccessToken#ACCOUNT_SCOPE}, for administrators alone. */
    public Handler admin(AuthenticatedHandler handler) {
        return (request, response) -> {
            AccessToken caller = person(request, AccessToken.ACCOUNT_SCOPE);
            if (!isAdministrator(caller)) {
                throw new ProblemException(ADMIN_REQUIRED, "Ask an administrator to do this, or to make you one.");
            }
            handler.handle(caller, request, response);
        };
    }

    /** Whether the caller may administer the platform now. */
    public boolean isAdministrator(AccessToken caller) {
        return caller.roles().contains(AccessToken.ADMIN_ROLE) && administers.test(caller);
    }

    /** For other services: as {@link #user}, but the token must be the client's own. */
    public Handler service(String scope, AuthenticatedHandler handler) {
        return (request, response) -> {
            AccessToken caller = withScope(authenticate(request.headers()), scope);
            if (caller.isPersons()) {
                throw new ProblemException(
                        SERVICE_REQUIRED, "Only services call this, with a token of the client credentials grant.");
            }
            handler.handle(caller, request, response);
        };
    }

    private AccessToken person(ServerRequest request, String scope) {
        AccessToken caller = withScope(authenticate(request.headers()), scope);
        if (!caller.isPersons()) {
            throw new ProblemException(PERSON_REQUIRED, "Only persons do this, with the access token of a session.");
        }
        return caller;
    }

    private static AccessToken withScope(AccessToken caller, String scope) {
        if (!caller.scopes().contains(scope)) {
            throw new ProblemException(
                            INSUFFICIENT_SCOPE, "Get an access token with the scope " + scope + " and try again.")
                    .with(challenge(", error=\"insufficient_scope\", scope=\"" + scope + "\""));
        }
        return caller;
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
            AccessToken token = verifier.verify(credentials.group(1));
            if (!live.test(token)) {
                throw invalidToken("The session of the access token has ended");
            }
            return token;
        } catch (InvalidTokenException e) {
            throw invalidToken(e.getMessage());
        }
    }

    private static ProblemException invalidToken(String reason) {
        return new ProblemException(ProblemType.INVALID_TOKEN, reason + ". Sign in again.")
                .with(challenge(", error=\"invalid_token\", error_description=\"" + reason + "\""));
    }

    private static Header challenge(String parameters) {
        return HeaderValues.create(HeaderNames.WWW_AUTHENTICATE, CHALLENGE + parameters);
    }
}
