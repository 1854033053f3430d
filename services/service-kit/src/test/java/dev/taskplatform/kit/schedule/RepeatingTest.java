// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RepeatingTest {
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final Duration NEVER = Duration.ofDays(365);
    private static final long LIMIT_SECONDS = 30;

    private final RandomGenerator random = RandomGenerator.getDefault();

    @Test
    void doesItsWorkAgainAndAgain() throws Exception {
        CountDownLatch times = new CountDownLatch(3);
        try (Repeating _ = Repeating.start("work", () -> SHORT, random, times::countDown)) {
            assertThat(times.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void goesOnAfterAFailure() throws Exception {
        CountDownLatch times = new CountDownLatch(3);
        Runnable failing = () -> {
            times.countDown();
            throw new IllegalStateException("always");
        };
        try (Repeating _ = Repeating.start("work", () -> SHORT, random, failing)) {
            assertThat(times.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void asksForTheIntervalEachTime() throws Exception {
        AtomicReference<Duration> interval = new AtomicReference<>(SHORT);
        Semaphore done = new Semaphore(0);
        AtomicInteger times = new AtomicInteger();
        Runnable once = () -> {
            interval.set(NEVER);
            times.incrementAndGet();
            done.release();
        };
        try (Repeating _ = Repeating.start("work", interval::get, random, once)) {
            assertThat(done.tryAcquire(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(times).hasValue(1);
    }

    @Test
    void closesWhileItPauses() {
        AtomicBoolean worked = new AtomicBoolean();

        Repeating.start("work", () -> NEVER, random, () -> worked.set(true)).close();

        assertThat(worked).isFalse();
    }

    @Test
    void letsTheWorkUnderWayComeToItsEnd() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        Repeating repeating = Repeating.start("work", () -> SHORT, random, () -> {
            begun.countDown();
            await(closing);
            ended.set(true);
        });
        assertThat(begun.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();

        Thread closer = Thread.ofVirtual().start(repeating::close);
        closing.countDown();
        closer.join();

        assertThat(ended).isTrue();
    }

    @Test
    void interruptsWorkThatDoesNotEnd() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        Repeating repeating = Repeating.start("work", () -> SHORT, random, () -> {
            begun.countDown();
            interrupted.set(!await(never));
        });
        assertThat(begun.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();

        repeating.close();

        assertThat(interrupted).isTrue();
    }

    private static boolean await(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
