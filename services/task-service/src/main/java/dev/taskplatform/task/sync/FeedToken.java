// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.sync;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;

/**
 * How far a client has read the changes: up to an entity at a position, itself among it.
 *
 * @param position see {@link dev.taskplatform.task.change.ChangeClock}
 * @param changed see {@link ChangeRow#changed()}
 * @param issuedAt what was removed long before is not told any more
 */
record FeedToken(long position, long changed, UUID id, Instant issuedAt) {
    private static final int BYTES = 5 * Long.BYTES;

    /** Nothing has been read. */
    static FeedToken start(Instant now) {
        return new FeedToken(-1, -1, new UUID(0, 0), now);
    }

    /** What is up to a row has been read. */
    static FeedToken after(ChangeRow row, Instant now) {
        return new FeedToken(row.position(), row.changed(), row.id(), now);
    }

    static FeedToken of(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new FeedToken(
                buffer.getLong(),
                buffer.getLong(),
                new UUID(buffer.getLong(), buffer.getLong()),
                Instant.ofEpochSecond(buffer.getLong()));
    }

    /** The same place, said now. */
    FeedToken at(Instant now) {
        return new FeedToken(position, changed, id, now);
    }

    byte[] bytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(position)
                .putLong(changed)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .putLong(issuedAt.getEpochSecond())
                .array();
    }
}
