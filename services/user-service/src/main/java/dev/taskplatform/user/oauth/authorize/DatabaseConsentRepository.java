// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.authorize;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.user.oauth.protocol.Scope;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/** Consents in the service's database. */
public final class DatabaseConsentRepository implements ConsentRepository {
    private final Database database;

    /** @param database with the table {@code oauth_consent} */
    public DatabaseConsentRepository(Database database) {
        this.database = database;
    }

    @Override
    public Set<String> find(UUID userId, String clientId) {
        return database.read(handle -> handle.createQuery(
                        "SELECT scope FROM oauth_consent WHERE user_id = :user AND client_id = :client")
                .bind("user", userId)
                .bind("client", clientId)
                .mapTo(String.class)
                .findOne()
                .map(Scope::stored)
                .orElse(Set.of()));
    }

    @Override
    public void put(UUID userId, String clientId, Set<String> scope, Instant at) {
        database.write(handle -> handle.createUpdate("""
                        INSERT INTO oauth_consent (user_id, client_id, scope, granted_at)
                        VALUES (:user, :client, :scope, :at)
                        ON CONFLICT (user_id, client_id) DO UPDATE SET scope = :scope, granted_at = :at""")
                .bind("user", userId)
                .bind("client", clientId)
                .bind("scope", Scope.text(scope))
                .bind("at", at)
                .execute());
    }
}
