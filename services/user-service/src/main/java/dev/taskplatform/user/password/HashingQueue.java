// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.password;

import java.time.Duration;

/**
 * Estimates how long a hash would wait for its turn, from what is before it and from how long hashes took lately, and
 * refuses it at once if that is too long: a client learns sooner that way, and the queue never outgrows its limit. Time
 * is proportional to {@linkplain Argon2Settings#work() work}, so hashes of different parameters can be in it together.
 */
final class HashingQueue {
    /** Until a hash has been measured: a slow core. In nanoseconds for a KiB and pass. */
    private static final double FIRST_GUESS = 1_000;

    /** Weight of the newest measurement; the last ten or so count. */
    private static final double NEWEST = 0.2;

    private final HashingCapacity capacity;
    private final Duration maxWait;
    private long workAhead;
    private double nanosForWork = FIRST_GUESS;

    /** @param maxWait estimated wait beyond which nobody is let in */
    HashingQueue(HashingCapacity capacity, Duration maxWait) {
        this.capacity = capacity;
        this.maxWait = maxWait;
    }

    /**
     * Takes a place, which must be {@linkplain #leave left} again.
     *
     * @return false if the wait would be too long
     */
    synchronized boolean enter(Argon2Settings cost) {
        if (expectedWait(cost).compareTo(maxWait) > 0) {
            return false;
        }
        workAhead += cost.work();
        return true;
    }

    /** Gives the place back, whether or not it was used. */
    synchronized void leave(Argon2Settings cost) {
        workAhead -= cost.work();
    }

    /** Learns how long a hash ran. */
    synchronized void measured(Argon2Settings cost, Duration duration) {
        double latest = (double) duration.toNanos() / cost.work();
        nanosForWork += NEWEST * (latest - nanosForWork);
    }

    /** From now to the begin of a hash that would come next; zero while there are turns left. */
    synchronized Duration expectedWait(Argon2Settings cost) {
        int turns = capacity.turns(cost);
        long before = Math.max(0, workAhead - (turns - 1) * cost.work());
        return Duration.ofNanos((long) (before * nanosForWork / turns));
    }
}
