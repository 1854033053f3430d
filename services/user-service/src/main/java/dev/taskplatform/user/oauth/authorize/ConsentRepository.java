// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.authorize;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * Keeps what people let clients do. Every method throws
 * {@link dev.taskplatform.kit.database.DatabaseUnavailableException} while the database is away.
 */
public interface ConsentRepository {
    /** The scope that a person has granted a client; may be empty. */
    Set<String> find(UUID userId, String clientId);

    /** Replaces what a person has granted a client. */
    void put(UUID userId, String clientId, Set<String> scope, Instant at);
}
