// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.audit;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Which entries to list; what is empty does not matter.
 *
 * @param userId to whose account something was done
 * @param actorId by whom
 * @param kind what
 * @param from since when
 * @param to until before when
 */
public record AuditFilter(
        Optional<UUID> userId,
        Optional<UUID> actorId,
        Optional<String> kind,
        Optional<Instant> from,
        Optional<Instant> to) {
    /** All entries. */
    public static final AuditFilter ALL =
            new AuditFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
