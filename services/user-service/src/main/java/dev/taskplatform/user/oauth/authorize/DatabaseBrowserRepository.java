// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.authorize;

import dev.taskplatform.kit.database.Database;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Browsers in the service's database. */
public final class DatabaseBrowserRepository implements BrowserRepository {
    private final Database database;

    /** @param database with the table {@code oauth_browser} */
    public DatabaseBrowserRepository(Database database) {
        this.database = database;
    }

    @Override
    public void add(byte[] hash, UUID sessionId, Instant now) {
        database.write(handle -> handle.createUpdate(
                        "INSERT INTO oauth_browser (hash, session_id, created_at) VALUES (:hash, :session, :now)")
                .bind("hash", hash)
                .bind("session", sessionId)
                .bind("now", now)
                .execute());
    }

    @Override
    public Optional<UUID> find(byte[] hash) {
        return database.read(handle -> handle.createQuery("SELECT session_id FROM oauth_browser WHERE hash = :hash")
                .bind("hash", hash)
                .mapTo(UUID.class)
                .findOne());
    }

    @Override
    public void remove(byte[] hash) {
        database.write(handle -> handle.createUpdate("DELETE FROM oauth_browser WHERE hash = :hash")
                .bind("hash", hash)
                .execute());
    }
}
