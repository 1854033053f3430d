// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.protocol;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.random.RandomGenerator;

/**
 * Secrets that this server makes: 256 random bits, of which it keeps the SHA-256 only. A slow hash as for passwords would
 * add nothing: there are no likely secrets to try, and 2^256 are too many for any speed.
 */
public final class Secrets {
    private static final int BYTES = 32;

    private final RandomGenerator random;

    /** @param random a cryptographic one */
    public Secrets(RandomGenerator random) {
        this.random = random;
    }

    /** A new one: 43 characters of base64url. */
    public String next() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** What is stored of a secret. */
    public static byte[] hash(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }

    /** Whether two secrets, or two hashes, are equal; takes the same time wherever they differ. */
    public static boolean equal(byte[] one, byte[] other) {
        return MessageDigest.isEqual(one, other);
    }
}
