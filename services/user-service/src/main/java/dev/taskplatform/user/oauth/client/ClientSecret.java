// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.client;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What is kept of a client's secret.
 *
 * @param id UUIDv7; a later secret has a greater one
 * @param hash of the secret
 * @param createdAt to the microsecond
 * @param expiresAt when it stops to be accepted, to the microsecond; empty of the newest
 */
public record ClientSecret(UUID id, byte[] hash, Instant createdAt, Optional<Instant> expiresAt) {
    /** Whether it is accepted. */
    boolean isValid(Instant now) {
        return expiresAt.map(now::isBefore).orElse(true);
    }
}
