// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.factor;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Base 32 without padding (RFC 4648, section 6), which authenticators take secrets in. */
final class Base32 {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int BITS = 5;

    private Base32() {}

    /** The text of these bytes; the last character's missing bits are 0. */
    static String encode(byte[] bytes) {
        int length = (bytes.length * Byte.SIZE + BITS - 1) / BITS;
        return IntStream.range(0, length)
                .mapToObj(i -> String.valueOf(ALPHABET.charAt(group(bytes, i * BITS))))
                .collect(Collectors.joining());
    }

    private static int group(byte[] bytes, int firstBit) {
        int value = 0;
        for (int bit = firstBit; bit < firstBit + BITS; bit++) {
            int octet = bit / Byte.SIZE < bytes.length ? bytes[bit / Byte.SIZE] : 0;
            value = value << 1 | octet >> (Byte.SIZE - 1 - bit % Byte.SIZE) & 1;
        }
        return value;
    }
}
