// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * An account that was deleted, and what other services still have of it.
 *
 * @param id of the event {@code user.deleted} that tells the services; hard to guess, as whoever knows it may ask for the
 *     state
 * @param userId whose account it was
 * @param completedAt since when all services have deleted what they had
 */
public record Deletion(UUID id, UUID userId, Instant requestedAt, Optional<Instant> completedAt) {
    /** How far it is. */
    public State state() {
        return completedAt.isPresent() ? State.COMPLETED : State.PENDING;
    }

    /** How far a deletion is. */
    public enum State {
        /** The account is gone; a service has not answered yet. */
        PENDING,
        /** Nothing is left. */
        COMPLETED
    }
}
