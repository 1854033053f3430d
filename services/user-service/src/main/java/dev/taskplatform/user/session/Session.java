// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.session;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What follows from one sign-in: a program that may act for a person until it ends.
 *
 * @param id {@code sid} of its access tokens
 * @param userId the person
 * @param clientId the program
 * @param scope what the program may do
 * @param methods how the person proved who they are, as in {@code amr} (RFC 8176)
 * @param authenticatedAt when they did, to the microsecond
 * @param createdAt to the microsecond
 * @param lastUsedAt when the refresh token was last exchanged, at first {@code createdAt}
 * @param address where the session was begun from
 * @param userAgent with what
 * @param sealedKey what its refresh tokens are made with, encrypted; see {@link RefreshTokens}
 * @param generation of the refresh token that is next to be exchanged, from 0
 */
public record Session(
        UUID id,
        UUID userId,
        String clientId,
        Set<String> scope,
        Set<String> methods,
        Instant authenticatedAt,
        Instant createdAt,
        Instant lastUsedAt,
        Optional<String> address,
        Optional<UserAgent> userAgent,
        byte[] sealedKey,
        int generation) {
    /** Copies the sets. */
    public Session {
        scope = Set.copyOf(scope);
        methods = Set.copyOf(methods);
    }

    /** Exchanged once more. */
    Session rotated(Instant now) {
        return new Session(
                id,
                userId,
                clientId,
                scope,
                methods,
                authenticatedAt,
                createdAt,
                now,
                address,
                userAgent,
                sealedKey,
                generation + 1);
    }

    /** Leaves the key out, so that it gets into no log. */
    @Override
    public String toString() {
        return "Session[" + id + "]";
    }
}
