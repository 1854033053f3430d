// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** SHA-256 of more than bytes. */
final class Hashes {
    private Hashes() {}

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** One for all tables of a database, hexadecimal. */
    static String of(Map<String, TableSummary> tables) {
        MessageDigest digest = sha256();
        new TreeMap<>(tables)
                .forEach((name, table) -> digest.update("%s %d %s\n"
                        .formatted(name, table.rows(), table.sha256())
                        .getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(digest.digest());
    }
}
