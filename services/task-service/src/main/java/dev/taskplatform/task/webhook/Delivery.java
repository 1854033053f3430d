// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.webhook;

import dev.taskplatform.kit.json.Choice;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * An event on its way to a webhook.
 *
 * @param id told as {@code webhook-id}, the same in each attempt
 * @param task that it is about; empty for a test
 * @param attempts that were begun
 * @param nextAttemptAt of a pending one
 */
record Delivery(
        long seq,
        UUID id,
        Optional<UUID> task,
        EventType type,
        State state,
        int attempts,
        Instant nextAttemptAt,
        Optional<Integer> lastStatus,
        Optional<String> lastError,
        Instant createdAt,
        Instant updatedAt) {

    /** How far it is. */
    enum State implements Choice {
        PENDING,
        DELIVERED,
        /** It failed too often, or may not be told any more. */
        DEAD;

        static State of(String text) {
            return Choice.of(State.class, "A state", text);
        }
    }
}
