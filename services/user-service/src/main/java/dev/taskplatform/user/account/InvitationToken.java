// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.random.RandomGenerator;

/**
 * The secret of an invitation.
 *
 * @param value 256 random bits in base64url; any text where somebody presents it
 */
public record InvitationToken(String value) {
    private static final int BYTES = 32;

    /** @param random a cryptographic one */
    static InvitationToken random(RandomGenerator random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new InvitationToken(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** What is stored: as the secret is random, SHA-256 without salt or repetition keeps it as well as a slow hash. */
    byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** Leaves the secret out, so that it gets into no log. */
    @Override
    public String toString() {
        return "InvitationToken";
    }
}
