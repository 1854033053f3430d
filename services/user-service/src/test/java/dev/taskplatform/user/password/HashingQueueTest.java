// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HashingQueueTest {
    private static final Argon2Settings COST = new Argon2Settings(1024, 2, 1);
    private static final Argon2Settings TWICE = new Argon2Settings(1024, 4, 1);
    private static final Duration HASH = Duration.ofMillis(100);

    @Test
    void letsInUntilTheWaitWouldBeTooLong() {
        HashingQueue queue = queue(new HashingCapacity(2, 8));

        int admitted = 0;
        while (queue.enter(COST)) {
            admitted++;
        }

        // Two run at a time: twenty rounds of 100 ms before it are the limit of 2 s.
        assertThat(admitted).isBetween(41, 42);
        queue.leave(COST);
        assertThat(queue.enter(COST)).isTrue();
    }

    @Test
    void expectsNoWaitWhileTurnsAreLeft() {
        HashingQueue queue = queue(new HashingCapacity(2, 8));

        assertThat(queue.expectedWait(COST)).isZero();
        queue.enter(COST);
        assertThat(queue.expectedWait(COST)).isZero();
        queue.enter(COST);
        assertThat(queue.expectedWait(COST)).isBetween(HASH.dividedBy(2).minusMillis(1), HASH);
    }

    @Test
    void countsTheWorkOfOtherParameters() {
        HashingQueue queue = queue(new HashingCapacity(1, 8));

        int admitted = 0;
        while (queue.enter(TWICE)) {
            admitted++;
        }

        assertThat(admitted).isBetween(10, 11);
    }

    @Test
    void letsFewInBeforeAnythingIsMeasured() {
        HashingQueue queue = new HashingQueue(new HashingCapacity(1, 1), Duration.ofSeconds(2));
        Argon2Settings usual = new Argon2Settings(19456, 2, 1);

        int admitted = 0;
        while (queue.enter(usual)) {
            admitted++;
        }

        assertThat(admitted).isBetween(1, 200);
    }

    @Test
    void runsAsManyAsThereAreCoresAndMemoryFor() {
        assertThat(new HashingCapacity(64, 8).turns(new Argon2Settings(19456, 2, 1)))
                .isEqualTo(3);
        assertThat(new HashingCapacity(64, 2).turns(new Argon2Settings(19456, 2, 1)))
                .isEqualTo(2);
        assertThat(new HashingCapacity(8, 2).turns(new Argon2Settings(19456, 2, 1)))
                .isEqualTo(1);
    }

    @Test
    void refusesACapacityOfNothing() {
        assertThatThrownBy(() -> new HashingCapacity(0, 1)).hasMessageContaining("password.hashing-memory-mib");
    }

    private static HashingQueue queue(HashingCapacity capacity) {
        HashingQueue queue = new HashingQueue(capacity, Duration.ofSeconds(2));
        for (int i = 0; i < 100; i++) {
            queue.measured(COST, HASH);
        }
        return queue;
    }
}
