// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import java.time.Instant;
import java.util.UUID;

/**
 * A person who can sign in.
 *
 * @param id UUIDv7, never reused
 * @param username unique by its {@linkplain Username#key() key}
 * @param passwordHash PHC string with its own parameters
 * @param createdAt to the microsecond
 */
public record Account(UUID id, Username username, String passwordHash, Instant createdAt) {
    /** Leaves the hash out, so that it gets into no log. */
    @Override
    public String toString() {
        return "Account[" + id + "]";
    }
}
