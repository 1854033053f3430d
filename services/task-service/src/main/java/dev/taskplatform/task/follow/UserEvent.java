// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.follow;

import java.time.Instant;
import java.util.UUID;

/**
 * An event of the user service.
 *
 * @param id the same however often it comes; of {@link #USER_DELETED} also the deletion's
 * @param type one of the constants, or one that this service knows nothing of
 * @param occurredAt by the user service's clock
 * @param userId whose account it is
 * @param sessionId null unless it is about a session
 */
public record UserEvent(UUID id, String type, Instant occurredAt, UUID userId, UUID sessionId) {
    /** The account is gone; what belongs to it must go, too. */
    public static final String USER_DELETED = "user.deleted";
    /** The person may not sign in. */
    public static final String USER_DISABLED = "user.disabled";
    /** The person may sign in again. */
    public static final String USER_ENABLED = "user.enabled";
    /** The session has ended. */
    public static final String SESSION_REVOKED = "session.revoked";

    /** @throws IllegalArgumentException if it lacks what its type needs */
    public UserEvent {
        if (type.equals(SESSION_REVOKED) && sessionId == null) {
            throw new IllegalArgumentException("An event of a session names it");
        }
    }
}
