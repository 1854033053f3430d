// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.factor;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Signs in once in place of an authenticator that was lost: 16 characters that cannot be mistaken for one another (the
 * alphabet of Crockford's base 32), 80 random bits.
 */
final class RecoveryCode {
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int LENGTH = 16;
    private static final int GROUP = 4;
    private static final Pattern SHAPE = Pattern.compile("[" + ALPHABET + "]{" + LENGTH + "}");

    private final String characters;

    private RecoveryCode(String characters) {
        this.characters = characters;
    }

    static RecoveryCode random(SecureRandom random) {
        StringBuilder characters = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            characters.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return new RecoveryCode(characters.toString());
    }

    /** The code that somebody typed, in either case, with or without what parts its groups; empty if it is none. */
    static Optional<RecoveryCode> parse(String text) {
        String characters = text.replaceAll("[\\s-]", "")
                .toLowerCase(Locale.ROOT)
                .replace('o', '0')
                .replace('i', '1')
                .replace('l', '1');
        return SHAPE.matcher(characters).matches() ? Optional.of(new RecoveryCode(characters)) : Optional.empty();
    }

    /** For the person, who sees it once. */
    String text() {
        return characters.replaceAll("(.{" + GROUP + "})(?!$)", "$1-");
    }

    /** For the database. A fast hash will do: there are too many such codes to try them all. */
    byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(characters.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "RecoveryCode[hidden]";
    }
}
