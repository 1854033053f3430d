// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/**
 * Sums a table up, the same whichever database holds it. The digest is of the names of its columns and then of its values,
 * row by row; each value is a byte for its kind and its bytes: integers of 64 bits, doubles, texts in UTF-8 and bytes, both
 * after their length. What the databases have no common type for is one of these: booleans are 0 and 1, instants are
 * microseconds since the epoch, UUIDs are text.
 */
final class TableDigest {
    private static final int NULL = 0;
    private static final int INTEGER = 1;
    private static final int REAL = 2;
    private static final int TEXT = 3;
    private static final int BYTES = 4;

    private final MessageDigest sha256 = Hashes.sha256();
    private final DataOutputStream out = new DataOutputStream(
            new BufferedOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), sha256)));
    private long rows;

    /** @param columns names, in the order in which the values will come */
    TableDigest(List<String> columns) {
        columns.forEach(this::value);
    }

    /** @param row of null, Long, Double, String and byte[] */
    void add(Object[] row) {
        for (Object value : row) {
            value(value);
        }
        rows++;
    }

    TableSummary summary() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new TableSummary(rows, HexFormat.of().formatHex(sha256.digest()));
    }

    private void value(Object value) {
        try {
            switch (value) {
                case null -> out.writeByte(NULL);
                case Long integer -> {
                    out.writeByte(INTEGER);
                    out.writeLong(integer);
                }
                case Double real -> {
                    out.writeByte(REAL);
                    out.writeLong(Double.doubleToLongBits(real));
                }
                case String text -> bytes(TEXT, text.getBytes(StandardCharsets.UTF_8));
                case byte[] bytes -> bytes(BYTES, bytes);
                default -> throw new IllegalArgumentException("no value of a table: " + value.getClass());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void bytes(int kind, byte[] bytes) throws IOException {
        out.writeByte(kind);
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
