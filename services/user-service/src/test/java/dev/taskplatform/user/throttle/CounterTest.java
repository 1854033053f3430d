// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CounterTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration QUARTER = Duration.ofMinutes(15);
    private static final Rule RULE = new Rule(3, QUARTER, QUARTER, QUARTER.multipliedBy(8));
    private static final Rule LEVEL = new Rule(3, QUARTER, QUARTER, QUARTER);

    @Test
    void locksAtTheLimitAndUnlocksByItself() {
        Counter counter = fail(Counter.none(NOON), 2, NOON, RULE);
        assertThat(counter.hasRoom(RULE)).isTrue();

        counter = fail(counter, 1, NOON, RULE);
        assertThat(counter.hasRoom(RULE)).isFalse();
        assertThat(counter.lockedUntil()).contains(NOON.plus(QUARTER));
        assertThat(counter.at(NOON.plus(QUARTER).minusMillis(1), RULE).hasRoom(RULE))
                .isFalse();

        Counter after = counter.at(NOON.plus(QUARTER), RULE);
        assertThat(after.hasRoom(RULE)).isTrue();
        assertThat(after.failures()).isZero();
    }

    @Test
    void forgetsFailuresWithTheirWindow() {
        Counter counter = fail(Counter.none(NOON), 2, NOON, RULE);
        Instant next = NOON.plus(QUARTER);

        assertThat(counter.at(next, RULE).isEmpty()).isTrue();
        assertThat(fail(counter.at(next, RULE), 2, next, RULE).hasRoom(RULE)).isTrue();
    }

    @Test
    void countsAttemptsUnderWay() {
        Counter counter = Counter.none(NOON).begun(NOON).begun(NOON).begun(NOON);
        assertThat(counter.hasRoom(RULE)).isFalse();
        assertThat(counter.lockedUntil()).isEmpty();

        assertThat(counter.ended().hasRoom(RULE)).isTrue();
        assertThat(counter.failed(NOON, RULE).hasRoom(RULE)).isFalse();
        assertThat(counter.ended().ended().ended().isEmpty()).isTrue();
        assertThat(counter.ended().ended().ended().ended().pending()).isZero();
    }

    @Test
    void takesAbandonedAttemptsForFailures() {
        Counter counter = Counter.none(NOON).begun(NOON).begun(NOON).begun(NOON);
        Instant later = NOON.plus(Counter.ABANDONED);

        Counter locked = counter.at(later, RULE);
        assertThat(locked.pending()).isZero();
        assertThat(locked.lockedUntil()).contains(later.plus(QUARTER));
    }

    @Test
    void locksForLongerEachTimeUpToALimit() {
        Counter counter = Counter.none(NOON);
        Instant now = NOON;
        for (int factor : new int[] {1, 2, 4, 8, 8, 8}) {
            counter = fail(counter, 3, now, RULE);
            assertThat(counter.lockedUntil()).contains(now.plus(QUARTER.multipliedBy(factor)));
            now = counter.lockedUntil().orElseThrow();
            counter = counter.at(now, RULE);
        }
        assertThat(fail(counter, 2, now, RULE).forgiven().isEmpty()).isTrue();
    }

    @Test
    void forgetsLocksAfterADayOfRest() {
        Counter counter = fail(Counter.none(NOON), 3, NOON, RULE).at(NOON.plus(QUARTER), RULE);
        assertThat(counter.locks()).isEqualTo(1);
        assertThat(counter.isEmpty()).isFalse();

        Instant rested = counter.expiresAt(RULE);
        assertThat(counter.at(rested.minusSeconds(1), RULE).locks()).isEqualTo(1);
        assertThat(counter.at(rested, RULE).isEmpty()).isTrue();
        assertThat(rested).isAfter(NOON.plus(Duration.ofDays(1)));
    }

    @Test
    void locksAddressesForAWindowEachTime() {
        Counter counter = Counter.none(NOON);
        Instant now = NOON;
        for (int i = 0; i < 3; i++) {
            counter = fail(counter, 3, now, LEVEL);
            assertThat(counter.lockedUntil()).contains(now.plus(QUARTER));
            now = now.plus(QUARTER);
            counter = counter.at(now, LEVEL);
            assertThat(counter.isEmpty()).isTrue();
        }
    }

    @Test
    void isNotFooledByAClockThatIsSetBack() {
        Instant ahead = NOON.plus(Duration.ofHours(1));
        Counter locked = fail(Counter.none(ahead), 3, ahead, RULE);
        assertThat(locked.at(NOON, RULE).lockedUntil()).contains(NOON.plus(QUARTER));
        assertThat(locked.at(NOON, RULE).at(NOON.plus(QUARTER), RULE).hasRoom(RULE))
                .isTrue();

        Counter counted = fail(Counter.none(ahead), 2, ahead, RULE);
        assertThat(counted.at(NOON, RULE).at(NOON.plus(QUARTER), RULE).isEmpty())
                .isTrue();

        Counter pending = Counter.none(ahead).begun(ahead);
        assertThat(pending.at(NOON, RULE).at(NOON.plus(Counter.ABANDONED), RULE).pending())
                .isZero();
    }

    @Test
    void isNotFooledByAClockThatIsSetForward() {
        Counter locked = fail(Counter.none(NOON), 3, NOON, RULE);
        Instant ahead = NOON.plus(Duration.ofHours(1));
        assertThat(locked.at(ahead, RULE).hasRoom(RULE)).isTrue();
    }

    @Test
    void followsNewSettings() {
        Counter counter = fail(Counter.none(NOON), 2, NOON, RULE);
        Duration minute = Duration.ofMinutes(1);
        Rule strict = new Rule(1, QUARTER, minute, minute);
        assertThat(counter.at(NOON, strict).lockedUntil()).contains(NOON.plus(minute));

        Counter locked = fail(counter, 1, NOON, RULE);
        assertThat(locked.at(NOON, strict).lockedUntil()).contains(NOON.plus(minute));
    }

    private static Counter fail(Counter counter, int times, Instant now, Rule rule) {
        Counter failing = counter;
        for (int i = 0; i < times; i++) {
            failing = failing.begun(now).failed(now, rule);
        }
        return failing;
    }
}
