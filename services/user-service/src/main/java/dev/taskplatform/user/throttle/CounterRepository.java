// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.throttle;

import java.time.Instant;
import java.util.Optional;

/**
 * Keeps counters, for all replicas. Every method throws
 * {@link dev.taskplatform.kit.database.DatabaseUnavailableException} while the database is away.
 */
interface CounterRepository {
    /** The counter as it was last kept. */
    Optional<Counter> find(CounterKey key);

    /**
     * The counter, made if there is none, which no other transaction changes or reads this way before this one ends. Call
     * it in a transaction.
     *
     * @param none what it is made as
     */
    Counter lock(CounterKey key, Counter none);

    /**
     * Keeps a counter that is {@linkplain #lock locked}.
     *
     * @param expiresAt from when on it may be purged
     */
    void save(CounterKey key, Counter counter, Instant expiresAt);

    /**
     * Removes a counter.
     *
     * @return whether there was one
     */
    boolean remove(CounterKey key);

    /**
     * Removes all that have expired.
     *
     * @return how many
     */
    int purge(Instant now);
}
