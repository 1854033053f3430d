// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.authorize;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Keeps authorization codes. Every method throws {@link dev.taskplatform.kit.database.DatabaseUnavailableException} while
 * the database is away.
 */
public interface CodeRepository {
    /** Adds a code. */
    void add(AuthorizationCode code);

    /** The code with this hash, exchanged or not. */
    Optional<AuthorizationCode> find(byte[] hash);

    /**
     * Notes what a code was exchanged for; of several at once exactly one succeeds.
     *
     * @return false if it was exchanged before
     */
    boolean redeem(byte[] hash, UUID sessionId);

    /** Forgets codes that expired before an instant. */
    void removeExpiredBefore(Instant instant);
}
