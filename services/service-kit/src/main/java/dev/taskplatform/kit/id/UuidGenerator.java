// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.id;

import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Makes UUIDs of version 7 (RFC 9562, section 5.7): sorted by time of creation, so that new rows go to the end of an
 * index.
 *
 * <p>Each is greater than the one before from the same generator, also within a millisecond and when the clock steps
 * back: the 12 bits after the time are a counter that starts at random (section 6.2, method 1), the last 62 are random.
 */
public final class UuidGenerator {
    private static final int COUNTER_BITS = 12;
    /** The top bit of the counter starts at 0, which leaves room to count. */
    private static final int COUNTER_SEED = 1 << (COUNTER_BITS - 1);

    private static final long COUNTER_MASK = (1L << COUNTER_BITS) - 1;
    private static final long VERSION_7 = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private final InstantSource clock;
    private final RandomGenerator random;
    /** Milliseconds since the epoch and, in the low bits, the counter; a counter that overflows borrows from the time. */
    private final AtomicLong last = new AtomicLong();

    /** @param random a cryptographic one, where the ids are to be hard to guess */
    public UuidGenerator(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /** The next one. */
    public UUID next() {
        long now = clock.millis() << COUNTER_BITS | random.nextInt(COUNTER_SEED);
        long state = last.updateAndGet(previous -> Math.max(previous + 1, now));
        long high = (state & ~COUNTER_MASK) << (16 - COUNTER_BITS) | VERSION_7 | state & COUNTER_MASK;
        return new UUID(high, VARIANT | random.nextLong() >>> 2);
    }
}
