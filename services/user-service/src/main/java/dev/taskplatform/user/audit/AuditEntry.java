// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.audit;

import dev.taskplatform.kit.auth.Actor;
import java.util.Map;
import java.util.UUID;

/**
 * Something that was done.
 *
 * @param kind what, such as {@code password.changed}; stable once published
 * @param userId to whose account; null if to none
 * @param actor by whom
 * @param details more about it; never a secret
 */
public record AuditEntry(String kind, UUID userId, Actor actor, Map<String, String> details) {
    /** Copies the details. */
    public AuditEntry {
        details = Map.copyOf(details);
    }

    /** An entry without details. */
    public AuditEntry(String kind, UUID userId, Actor actor) {
        this(kind, userId, actor, Map.of());
    }
}
