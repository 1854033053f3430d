// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.http;

import dev.taskplatform.kit.problem.InvalidValueException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Cursors of lists: opaque, so that they may change; signed (HMAC-SHA256) over the list they belong to, so that a cursor
 * works only for the caller and the filter that it was made for.
 */
public final class CursorCodec {
    private static final String ALGORITHM = "HmacSHA256";
    /** Truncated to 128 bits, as RFC 2104 section 5 allows. */
    private static final int TAG_BYTES = 16;

    private final SecretKeySpec key;

    /** @param key 32 random bytes that all replicas share */
    public CursorCodec(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /**
     * @param list names the caller, the filter and the order
     * @param position where the next page begins
     */
    public String encode(String list, byte[] position) {
        byte[] tag = tag(list, position);
        byte[] cursor = Arrays.copyOf(position, position.length + TAG_BYTES);
        System.arraycopy(tag, 0, cursor, position.length, TAG_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(cursor);
    }

    /**
     * The position of a cursor of this list.
     *
     * @throws InvalidValueException when it isn't one
     */
    public byte[] decode(String list, String cursor) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException e) {
            throw invalid();
        }
        if (bytes.length < TAG_BYTES) {
            throw invalid();
        }
        byte[] position = Arrays.copyOf(bytes, bytes.length - TAG_BYTES);
        byte[] tag = Arrays.copyOfRange(bytes, position.length, bytes.length);
        if (!MessageDigest.isEqual(tag, tag(list, position))) {
            throw invalid();
        }
        return position;
    }

    /** As {@link #encode(String, byte[])}, in a list in the order of ids. */
    public String encode(String list, UUID last) {
        return encode(
                list,
                ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(last.getMostSignificantBits())
                        .putLong(last.getLeastSignificantBits())
                        .array());
    }

    /**
     * The id in a cursor that {@link #encode(String, UUID)} made.
     *
     * @throws InvalidValueException when it isn't a cursor of this list
     */
    public UUID decodeId(String list, String cursor) {
        ByteBuffer position = ByteBuffer.wrap(decode(list, cursor));
        return new UUID(position.getLong(), position.getLong());
    }

    /** As {@link #encode(String, byte[])}, in a list in the order of time. */
    public String encode(String list, TimedId last) {
        return encode(
                list,
                ByteBuffer.allocate(3 * Long.BYTES)
                        .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, last.time()))
                        .putLong(last.id().getMostSignificantBits())
                        .putLong(last.id().getLeastSignificantBits())
                        .array());
    }

    /**
     * The place in a cursor that {@link #encode(String, TimedId)} made.
     *
     * @throws InvalidValueException when it isn't a cursor of this list
     */
    public TimedId decodeTimedId(String list, String cursor) {
        ByteBuffer position = ByteBuffer.wrap(decode(list, cursor));
        return new TimedId(
                Instant.EPOCH.plus(position.getLong(), ChronoUnit.MICROS),
                new UUID(position.getLong(), position.getLong()));
    }

    private byte[] tag(String list, byte[] position) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] name = list.getBytes(StandardCharsets.UTF_8);
            // The length parts the name from the position.
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(name.length).array());
            mac.update(name);
            mac.update(position);
            return Arrays.copyOf(mac.doFinal(), TAG_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", e);
        }
    }

    private static InvalidValueException invalid() {
        return new InvalidValueException(
                "This is not a cursor of this list. Take it from the page before, with the same filter.");
    }
}
