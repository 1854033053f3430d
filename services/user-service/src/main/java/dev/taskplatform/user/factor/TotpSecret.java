// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.factor;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What an authenticator and this service share: its code is a truncated HMAC of the count of half minutes since 1970 (RFC
 * 6238 with the values that every authenticator has: SHA-1, 6 digits, 30 s).
 *
 * <p>SHA-1's collisions do not touch HMAC (RFC 6238, section 1.2, and RFC 4226, appendix B); authenticators ignore or
 * refuse other functions.
 */
final class TotpSecret {
    /** Of the HMAC's output, as RFC 4226 section 4 recommends. */
    private static final int BYTES = 20;

    private static final String ALGORITHM = "HmacSHA1";
    private static final int STEP_SECONDS = 30;
    private static final int DIGITS = 6;
    private static final int MODULUS = 1_000_000;

    private final byte[] bytes;

    TotpSecret(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    static TotpSecret random(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new TotpSecret(bytes);
    }

    /** For encryption, never to be kept as it is. */
    byte[] bytes() {
        return bytes.clone();
    }

    /** For typing into an authenticator. */
    String text() {
        return Base32.encode(bytes);
    }

    /**
     * For a QR code: the Key Uri Format that Google Authenticator introduced and all others read.
     *
     * @param issuer who asks for the codes; heads the entry in the authenticator
     * @param account whose codes they are
     */
    String uri(String issuer, String account) {
        return "otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=SHA1&digits=%d&period=%d"
                .formatted(encode(issuer), encode(account), text(), encode(issuer), DIGITS, STEP_SECONDS);
    }

    /** The time step that the instant is in. */
    static long step(Instant instant) {
        return Math.floorDiv(instant.getEpochSecond(), STEP_SECONDS);
    }

    /**
     * The time step that this code is of: now's, or the one before or after, for clocks that differ and people who type
     * (RFC 6238, section 5.2).
     *
     * @return empty if it is of none of them
     */
    OptionalLong match(String code, Instant now) {
        long step = step(now);
        byte[] given = code.getBytes(StandardCharsets.UTF_8);
        OptionalLong found = OptionalLong.empty();
        // All three are compared, whichever matches, so that the time tells nothing.
        for (long candidate = step - 1; candidate <= step + 1; candidate++) {
            if (MessageDigest.isEqual(given, code(candidate).getBytes(StandardCharsets.UTF_8))) {
                found = OptionalLong.of(candidate);
            }
        }
        return found;
    }

    /** The code of a time step. */
    String code(long step) {
        byte[] hash = hmac(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
        int offset = hash[hash.length - 1] & 0xf;
        int number = ByteBuffer.wrap(hash).getInt(offset) & Integer.MAX_VALUE;
        return String.format(Locale.ROOT, "%0" + DIGITS + "d", number % MODULUS);
    }

    private byte[] hmac(byte[] message) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(bytes, ALGORITHM));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA1", e);
        }
    }

    private static String encode(String text) {
        // A query's plus sign would be read as one by authenticators that decode the label as a path.
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return "TotpSecret[hidden]";
    }
}
