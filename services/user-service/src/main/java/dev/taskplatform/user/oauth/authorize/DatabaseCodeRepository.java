// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.authorize;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.user.oauth.protocol.Scope;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.result.RowView;

/** Authorization codes in the service's database. */
public final class DatabaseCodeRepository implements CodeRepository {
    private final Database database;

    /** @param database with the table {@code oauth_code} */
    public DatabaseCodeRepository(Database database) {
        this.database = database;
    }

    @Override
    public void add(AuthorizationCode code) {
        database.write(handle -> handle.createUpdate("""
                        INSERT INTO oauth_code (hash, client_id, user_id, redirect_uri, scope, nonce, code_challenge,
                            methods, authenticated_at, expires_at, browser_session)
                        VALUES (:hash, :clientId, :userId, :redirectUri, :scope, :nonce, :codeChallenge,
                            :methods, :authenticatedAt, :expiresAt, :browserSession)""")
                .bind("hash", code.hash())
                .bind("clientId", code.clientId())
                .bind("userId", code.userId())
                .bind("redirectUri", code.redirectUri())
                .bind("scope", Scope.text(code.scope()))
                .bind("nonce", code.nonce().orElse(null))
                .bind("codeChallenge", code.codeChallenge())
                .bind("methods", String.join(" ", code.methods()))
                .bind("authenticatedAt", code.authenticatedAt())
                .bind("expiresAt", code.expiresAt())
                .bind("browserSession", code.browserSessionId())
                .execute());
    }

    @Override
    public Optional<AuthorizationCode> find(byte[] hash) {
        return database.read(handle -> handle.createQuery("""
                        SELECT hash, client_id, user_id, redirect_uri, scope, nonce, code_challenge, methods,
                            authenticated_at, expires_at, browser_session, session_id
                        FROM oauth_code WHERE hash = :hash""")
                .bind("hash", hash)
                .reduceRows(Optional.<AuthorizationCode>empty(), (none, row) -> Optional.of(code(row))));
    }

    @Override
    public boolean redeem(byte[] hash, UUID sessionId) {
        int rows = database.write(handle -> handle.createUpdate(
                        "UPDATE oauth_code SET session_id = :session WHERE hash = :hash AND session_id IS NULL")
                .bind("session", sessionId)
                .bind("hash", hash)
                .execute());
        return rows == 1;
    }

    @Override
    public void removeExpiredBefore(Instant instant) {
        database.write(handle -> handle.createUpdate("DELETE FROM oauth_code WHERE expires_at < :instant")
                .bind("instant", instant)
                .execute());
    }

    private static AuthorizationCode code(RowView row) {
        return new AuthorizationCode(
                row.getColumn("hash", byte[].class),
                row.getColumn("client_id", String.class),
                row.getColumn("user_id", UUID.class),
                row.getColumn("redirect_uri", String.class),
                Scope.stored(row.getColumn("scope", String.class)),
                Optional.ofNullable(row.getColumn("nonce", String.class)),
                row.getColumn("code_challenge", String.class),
                Scope.stored(row.getColumn("methods", String.class)),
                row.getColumn("authenticated_at", Instant.class),
                row.getColumn("expires_at", Instant.class),
                row.getColumn("browser_session", UUID.class),
                Optional.ofNullable(row.getColumn("session_id", UUID.class)));
    }
}
