// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.event;

import java.util.UUID;

/**
 * Something that other services must act on.
 *
 * @param type what happened
 * @param userId whose account it is
 * @param sessionId whose access tokens are void; null if it concerns all of the account
 */
public record UserEvent(Type type, UUID userId, UUID sessionId) {
    /** What happened; the name is stable once published. */
    public enum Type {
        USER_DELETED("user.deleted"),
        USER_DISABLED("user.disabled"),
        USER_ENABLED("user.enabled"),
        SESSION_REVOKED("session.revoked");

        private final String name;

        Type(String name) {
            this.name = name;
        }

        /** As services read it. */
        public String text() {
            return name;
        }
    }

    /** An event about an account. */
    public static UserEvent ofAccount(Type type, UUID userId) {
        return new UserEvent(type, userId, null);
    }
}
