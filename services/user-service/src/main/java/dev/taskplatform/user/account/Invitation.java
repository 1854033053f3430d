// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Leave to register, once.
 *
 * @param id UUIDv7; not the secret that is presented
 * @param email becomes the account's
 * @param note for administrators: whom it is for
 * @param role the account gets beside {@link Role#USER}
 * @param createdBy the administrator; must still be one when it is used for {@link Role#ADMIN}
 * @param usedBy the account that was registered with it
 */
public record Invitation(
        UUID id,
        Optional<String> email,
        Optional<String> note,
        Role role,
        UUID createdBy,
        Instant createdAt,
        Instant expiresAt,
        Optional<Instant> revokedAt,
        Optional<Instant> usedAt,
        Optional<UUID> usedBy) {

    /** Whether one can register with it. */
    public boolean isOpen(Instant now) {
        return revokedAt.isEmpty() && usedAt.isEmpty() && now.isBefore(expiresAt);
    }
}
