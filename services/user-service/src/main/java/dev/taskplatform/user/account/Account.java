// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A person who can sign in.
 *
 * @param id UUIDv7, never reused
 * @param username unique by its {@linkplain Username#key() key}
 * @param passwordHash PHC string with its own parameters
 * @param displayName how the person is called
 * @param email not verified
 * @param roles what the person may do
 * @param disabledAt since when the person cannot sign in
 * @param passwordChangedAt when the password was chosen, to the microsecond
 * @param version 1 at first, one more with each change; makes the entity tag
 * @param createdAt to the microsecond
 * @param updatedAt last change, to the microsecond
 */
public record Account(
        UUID id,
        Username username,
        String passwordHash,
        Optional<String> displayName,
        Optional<String> email,
        Set<Role> roles,
        Optional<Instant> disabledAt,
        Instant passwordChangedAt,
        long version,
        Instant createdAt,
        Instant updatedAt) {
    /** An account as it is registered. */
    public static Account registered(UUID id, Username username, String passwordHash, Set<Role> roles, Instant now) {
        return new Account(
                id,
                username,
                passwordHash,
                Optional.empty(),
                Optional.empty(),
                Set.copyOf(roles),
                Optional.empty(),
                now,
                1,
                now,
                now);
    }

    /** The same after a change. */
    Account next(Instant now) {
        return with(passwordHash, passwordChangedAt, version + 1, now);
    }

    /** The same with another password that was chosen now. */
    Account withPassword(String hash, Instant now) {
        return with(hash, now, version + 1, now);
    }

    private Account with(String newHash, Instant newChangedAt, long newVersion, Instant newUpdatedAt) {
        return new Account(
                id,
                username,
                newHash,
                displayName,
                email,
                roles,
                disabledAt,
                newChangedAt,
                newVersion,
                createdAt,
                newUpdatedAt);
    }

    /** Whether the person cannot sign in. */
    public boolean isDisabled() {
        return disabledAt.isPresent();
    }

    /** Leaves the hash out, so that it gets into no log. */
    @Override
    public String toString() {
        return "Account[" + id + "]";
    }
}
