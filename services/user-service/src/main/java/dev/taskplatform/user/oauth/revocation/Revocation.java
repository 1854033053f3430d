// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.revocation;

import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.AccessTokenVerifier;
import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.auth.InvalidTokenException;
import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.user.audit.AuditEntry;
import dev.taskplatform.user.audit.AuditLog;
import dev.taskplatform.user.oauth.client.Client;
import dev.taskplatform.user.oauth.protocol.OAuthError;
import dev.taskplatform.user.oauth.protocol.OAuthException;
import dev.taskplatform.user.session.Session;
import dev.taskplatform.user.session.Sessions;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Ends the session that a token comes from, whichever of its tokens it is: access tokens are checked without us, so
 * nothing less would be known to the services, which are told of sessions that end. Tokens of other clients, and what is
 * none, are nothing to the client and change nothing.
 */
public final class Revocation {
    private final AccessTokenVerifier verifier;
    private final Sessions sessions;
    private final Transactions transactions;
    private final AuditLog audit;

    /** Collaborators. */
    public Revocation(AccessTokenVerifier verifier, Sessions sessions, Transactions transactions, AuditLog audit) {
        this.verifier = verifier;
        this.sessions = sessions;
        this.transactions = transactions;
        this.audit = audit;
    }

    /**
     * The client has no more use for a token.
     *
     * @throws OAuthException unsupported_token_type for a client's own access token, which no session stands behind
     */
    void revoke(String token, Client client, Actor actor) {
        ofAccessToken(token, client)
                .or(() -> sessions.findByRefreshToken(token))
                .filter(session -> session.clientId().equals(client.id()))
                .ifPresent(session -> end(session, actor));
    }

    private Optional<Session> ofAccessToken(String token, Client client) {
        try {
            AccessToken valid = verifier.verify(token);
            if (!valid.isPersons() && valid.clientId().equals(client.id())) {
                throw new OAuthException(
                        OAuthError.UNSUPPORTED_TOKEN_TYPE,
                        "A client's own access token cannot be revoked; it ends by itself");
            }
            return Optional.ofNullable(valid.sessionId()).flatMap(sessions::findLive);
        } catch (InvalidTokenException e) {
            return Optional.empty();
        }
    }

    private void end(Session session, Actor actor) {
        UUID user = session.userId();
        transactions.inTransaction(() -> {
            boolean ended = sessions.end(user, session.id(), "token-revoked", actor.as(user));
            if (ended) {
                audit.record(new AuditEntry(
                        "token.revoked",
                        user,
                        actor.as(user),
                        Map.of(
                                "client",
                                session.clientId(),
                                "sessionId",
                                session.id().toString())));
            }
            return ended;
        });
    }
}
