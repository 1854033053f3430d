// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.authorize;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Keeps which session the cookie of a browser stands for. Every method throws
 * {@link dev.taskplatform.kit.database.DatabaseUnavailableException} while the database is away.
 */
public interface BrowserRepository {
    /** Adds a browser. */
    void add(byte[] hash, UUID sessionId, Instant now);

    /** Its session, unless that has ended. */
    Optional<UUID> find(byte[] hash);

    /** Forgets a browser. */
    void remove(byte[] hash);
}
