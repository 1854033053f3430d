// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Keeps deletions. Every method throws {@link dev.taskplatform.kit.database.DatabaseUnavailableException} while the
 * database is away.
 */
public interface DeletionRepository {
    /** @param username stays taken until the deletion is complete */
    void add(Deletion deletion, Username username);

    /** The deletion with this id. */
    Optional<Deletion> find(UUID id);

    /**
     * Deletions, in the order in which they were requested.
     *
     * @param state only these; all when empty
     * @param after only those requested after this one
     * @param limit at most so many
     */
    List<Deletion> list(Optional<Deletion.State> state, Optional<UUID> after, int limit);

    /**
     * Keeps that a service has deleted what it had; a repeat changes nothing.
     *
     * @return false if there is no such deletion
     */
    boolean acknowledge(UUID id, String consumer, Instant now);

    /**
     * Completes a deletion that is pending if these services have acknowledged it, and forgets the username. Of services
     * that acknowledge at once, one completes it.
     */
    void completeIfAcknowledged(UUID id, Set<String> consumers, Instant now);
}
