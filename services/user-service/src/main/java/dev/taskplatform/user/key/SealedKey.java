// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.key;

import java.time.Duration;
import java.time.Instant;

/**
 * A generation of signing keys as it is stored. Instants are to the microsecond.
 *
 * @param generation 1 for the first, more for each that follows
 * @param kid id of its key for ES256, a thumbprint (RFC 7638)
 * @param sealed its {@link TokenKeys}, encrypted by {@link dev.taskplatform.kit.seal.Sealer}: the private ones, of a
 *     retired generation the public ones
 * @param tokenLifetime no token that it signs lives longer; whole seconds
 * @param createdAt when it was made, and so published
 * @param signsSince when it began to sign; null before
 * @param retiredAt when another took its place; null before
 */
public record SealedKey(
        int generation,
        String kid,
        byte[] sealed,
        Duration tokenLifetime,
        Instant createdAt,
        Instant signsSince,
        Instant retiredAt) {

    /** Where it is in its life. */
    public KeyState state() {
        if (retiredAt != null) {
            return KeyState.RETIRED;
        }
        return signsSince == null ? KeyState.PUBLISHED : KeyState.SIGNING;
    }

    SealedKey signing(Instant now) {
        return new SealedKey(generation, kid, sealed, tokenLifetime, createdAt, now, null);
    }

    SealedKey retired(byte[] sealedPublicPart, Instant now) {
        return new SealedKey(generation, kid, sealedPublicPart, tokenLifetime, createdAt, signsSince, now);
    }

    SealedKey withTokenLifetime(Duration lifetime) {
        return new SealedKey(generation, kid, sealed, lifetime, createdAt, signsSince, retiredAt);
    }

    /** Leaves the key out. */
    @Override
    public String toString() {
        return "SealedKey[%d, %s, %s]".formatted(generation, kid, state());
    }
}
