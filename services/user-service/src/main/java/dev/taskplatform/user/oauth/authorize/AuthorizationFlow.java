// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.authorize;

import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.user.oauth.protocol.OAuthError;
import dev.taskplatform.user.oauth.protocol.OAuthException;
import dev.taskplatform.user.session.Session;
import java.time.Clock;
import java.util.Optional;

/** Leads an authorization request to its answer: sign-in, consent, code. */
public final class AuthorizationFlow {
    private final AuthorizationCodes codes;
    private final Consents consents;
    private final String issuer;
    private final Clock clock;

    /**
     * Collaborators.
     *
     * @param issuer {@code iss} of the answers
     */
    public AuthorizationFlow(AuthorizationCodes codes, Consents consents, String issuer, Clock clock) {
        this.codes = codes;
        this.consents = consents;
        this.issuer = issuer;
        this.clock = clock;
    }

    /**
     * What comes next.
     *
     * @param browser who is signed in there
     * @throws OAuthException to be sent to the client, where the person must not be asked
     */
    Step next(AuthorizationRequest request, Optional<Session> browser) {
        if (browser.isEmpty() || mustSignInAgain(request, browser.get())) {
            refuseIfSilent(request, OAuthError.LOGIN_REQUIRED, "The person has to sign in");
            return new Step.SignIn(request);
        }
        Session session = browser.get();
        if (consents.isNeeded(session.userId(), request)) {
            refuseIfSilent(request, OAuthError.CONSENT_REQUIRED, "The person has to be asked");
            return new Step.Consent(request, session);
        }
        return answer(request, session);
    }

    /** The person agrees. */
    Step granted(AuthorizationRequest request, Session session, Actor actor) {
        consents.grant(session.userId(), request, actor);
        return answer(request, session);
    }

    /** The person does not agree. */
    Step denied(AuthorizationRequest request) {
        return failed(request.target(), new OAuthException(OAuthError.ACCESS_DENIED, "The person does not want this"));
    }

    /** The answer to a request that is at fault. */
    Step failed(AuthorizationTarget target, OAuthException error) {
        return new Step.Answer(target.withError(error, issuer));
    }

    private Step answer(AuthorizationRequest request, Session session) {
        return new Step.Answer(request.target().withCode(codes.issue(request, session), issuer));
    }

    private boolean mustSignInAgain(AuthorizationRequest request, Session session) {
        return request.asks(Prompt.LOGIN)
                || request.asks(Prompt.SELECT_ACCOUNT)
                || request.maxAge()
                        .filter(age -> session.authenticatedAt().plus(age).isBefore(clock.instant()))
                        .isPresent();
    }

    private static void refuseIfSilent(AuthorizationRequest request, OAuthError error, String description) {
        if (request.asks(Prompt.NONE)) {
            throw new OAuthException(error, description);
        }
    }

    /** What a browser gets. */
    sealed interface Step {
        /** The sign-in page. */
        record SignIn(AuthorizationRequest request) implements Step {}

        /** The consent page. */
        record Consent(AuthorizationRequest request, Session session) implements Step {}

        /** The way back to the client. */
        record Answer(String location) implements Step {}
    }
}
