// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.authorize;

import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.user.account.Account;
import dev.taskplatform.user.account.Accounts;
import dev.taskplatform.user.oauth.client.Client;
import dev.taskplatform.user.oauth.protocol.OAuthError;
import dev.taskplatform.user.oauth.protocol.OAuthException;
import dev.taskplatform.user.oauth.protocol.Secrets;
import dev.taskplatform.user.session.IssuedSession;
import dev.taskplatform.user.session.NewSession;
import dev.taskplatform.user.session.Session;
import dev.taskplatform.user.session.Sessions;
import dev.taskplatform.user.session.UserAgent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Makes authorization codes and exchanges each of them once. A code that comes a second time has been stolen, before or
 * after its use, so the session that it was exchanged for ends (RFC 6749, section 4.1.2). A code that comes from another
 * client, or without its verifier, is refused and stays what it was: whoever found it can't spoil it for its owner.
 *
 * <p>A code is worth nothing once the person has signed out in the browser where they granted it, or everywhere, or has
 * changed the password: whoever was in their account must not be back with a code from before.
 */
public final class AuthorizationCodes {
    private static final Duration LIFETIME = Duration.ofSeconds(60);
    /** How long an exchanged code is known again; longer than an access token is valid. */
    private static final Duration MEMORY = Duration.ofDays(2);

    private final CodeRepository repository;
    private final Sessions sessions;
    private final Accounts accounts;
    private final Transactions transactions;
    private final Secrets secrets;
    private final Clock clock;

    /** Collaborators. */
    public AuthorizationCodes(
            CodeRepository repository,
            Sessions sessions,
            Accounts accounts,
            Transactions transactions,
            Secrets secrets,
            Clock clock) {
        this.repository = repository;
        this.sessions = sessions;
        this.accounts = accounts;
        this.transactions = transactions;
        this.secrets = secrets;
        this.clock = clock;
    }

    /**
     * A code for a request that a person has granted.
     *
     * @param browser session of the browser, which says who and how
     */
    String issue(AuthorizationRequest request, Session browser) {
        String code = secrets.next();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        transactions.inTransaction(() -> {
            repository.removeExpiredBefore(now.minus(MEMORY));
            repository.add(new AuthorizationCode(
                    Secrets.hash(code),
                    request.client().id(),
                    browser.userId(),
                    request.target().redirectUri(),
                    request.scope(),
                    request.nonce(),
                    request.codeChallenge(),
                    browser.methods(),
                    browser.authenticatedAt(),
                    now.plus(LIFETIME),
                    browser.id(),
                    Optional.empty()));
            return code;
        });
        return code;
    }

    /**
     * Exchanges a code for a session.
     *
     * @throws OAuthException invalid_grant
     */
    public Redeemed redeem(
            Client client,
            String text,
            String redirectUri,
            String verifier,
            Actor actor,
            Optional<UserAgent> userAgent) {
        byte[] hash = Secrets.hash(text);
        AuthorizationCode code = repository
                .find(hash)
                .filter(found -> found.clientId().equals(client.id())
                        && found.redirectUri().equals(redirectUri)
                        && Pkce.matches(found.codeChallenge(), verifier))
                .orElseThrow(AuthorizationCodes::invalid);
        if (code.sessionId().isPresent()) {
            throw replayed(code, actor);
        }
        if (!clock.instant().isBefore(code.expiresAt())) {
            throw invalid();
        }
        Account account = accounts.find(code.userId())
                .filter(found -> !found.isDisabled())
                .orElseThrow(AuthorizationCodes::invalid);
        // After the account, which the session is begun with only if its password is still the one that was read here.
        if (sessions.findLive(code.browserSessionId()).isEmpty()) {
            throw invalid();
        }
        NewSession request = new NewSession(
                account,
                client.id(),
                code.scope(),
                code.methods(),
                code.authenticatedAt(),
                actor.as(account.id()),
                userAgent);
        try {
            IssuedSession issued = transactions.inTransaction(() -> {
                IssuedSession begun = sessions.start(request);
                if (!repository.redeem(hash, begun.session().id())) {
                    throw new ExchangedBeforeException();
                }
                return begun;
            });
            return new Redeemed(issued, code.nonce());
        } catch (ExchangedBeforeException e) {
            throw replayed(repository.find(hash).orElse(code), actor);
        } catch (ProblemException e) {
            // The account was disabled or got another password just now.
            if (e.type().equals(ProblemType.UNAVAILABLE)) {
                throw e;
            }
            throw invalid();
        }
    }

    private OAuthException replayed(AuthorizationCode code, Actor actor) {
        code.sessionId().ifPresent(session -> sessions.end(code.userId(), session, "code-replayed", actor));
        return invalid();
    }

    private static OAuthException invalid() {
        return new OAuthException(
                OAuthError.INVALID_GRANT,
                "The code is not valid: it is used or expired, or was made for another client, redirect_uri or verifier");
    }

    /**
     * What a code was exchanged for.
     *
     * @param nonce for the ID token
     */
    public record Redeemed(IssuedSession session, Optional<String> nonce) {}

    /** Undoes the transaction. */
    private static final class ExchangedBeforeException extends RuntimeException {}
}
