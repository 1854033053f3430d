// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.password;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The passwords that guessers try first. Of each only 64 bits of a hash are in memory, less than half a megabyte for all;
 * that a password nobody uses has the bits of one of them is as likely as guessing 48 coin tosses.
 */
final class CommonPasswords {
    /** Its source and licence are beside it. */
    private static final String FILE = "common-passwords.txt";

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final long[] hashes;

    private CommonPasswords(long[] sortedHashes) {
        this.hashes = sortedHashes;
    }

    /** Those of the list in the image. */
    static CommonPasswords load() {
        try (InputStream file = CommonPasswords.class.getResourceAsStream(FILE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            return new CommonPasswords(
                    lines.lines().mapToLong(CommonPasswords::hash).sorted().toArray());
        } catch (IOException e) {
            throw new UncheckedIOException(FILE + " in the image cannot be read", e);
        }
    }

    /** Whether this is one of them, whatever its case. */
    boolean contains(String password) {
        return Arrays.binarySearch(hashes, hash(Simplified.of(password))) >= 0;
    }

    /** FNV-1a over UTF-16. */
    private static long hash(String text) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return hash;
    }
}
