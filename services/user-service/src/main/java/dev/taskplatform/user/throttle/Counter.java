// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.throttle;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Failures of one name or address. Immutable; every step begins with {@link #at}, which does what time has done.
 *
 * @param failures since {@code since}
 * @param pending attempts that have begun and not ended; each may become a failure, so they count towards the limit
 * @param since begin of the window
 * @param lastAttempt when the last one began
 * @param locks how many there were in a row, the present one included
 * @param lockedUntil empty if it is not locked
 */
record Counter(
        int failures, int pending, Instant since, Instant lastAttempt, int locks, Optional<Instant> lockedUntil) {
    /** An attempt takes seconds at most: the process of one that has not ended after this is gone, and it has failed. */
    static final Duration ABANDONED = Duration.ofMinutes(1);

    /** How long locks in a row are remembered without an attempt. */
    static final Duration MEMORY = Duration.ofDays(1);

    /** Nothing counted yet. */
    static Counter none(Instant now) {
        return new Counter(0, 0, now, now, 0, Optional.empty());
    }

    /**
     * What it is at this time: what has expired is gone, and nothing lies further ahead than it could if it had begun
     * now, however the clock was set back meanwhile.
     */
    Counter at(Instant now, Rule rule) {
        return withoutFuture(now, rule)
                .withAbandoned(now)
                .withoutExpired(now, rule)
                .withLock(now, rule);
    }

    private Counter withoutFuture(Instant now, Rule rule) {
        return new Counter(
                failures,
                pending,
                earlier(since, now),
                earlier(lastAttempt, now),
                locks,
                lockedUntil.map(end -> earlier(end, now.plus(rule.lock(locks)))));
    }

    private Counter withAbandoned(Instant now) {
        if (pending == 0 || lastAttempt.plus(ABANDONED).isAfter(now)) {
            return this;
        }
        return new Counter(failures + pending, 0, since, lastAttempt, locks, lockedUntil);
    }

    private Counter withoutExpired(Instant now, Rule rule) {
        boolean lockEnded = lockedUntil.filter(end -> !end.isAfter(now)).isPresent();
        boolean windowEnded =
                lockedUntil.isEmpty() && !since.plus(rule.window()).isAfter(now);
        boolean forgotten = lockedUntil.isEmpty() && !forgetsLocksAt(rule).isAfter(now);
        return new Counter(
                lockEnded || windowEnded ? 0 : failures,
                pending,
                lockEnded || windowEnded ? now : since,
                lastAttempt,
                forgotten ? 0 : locks,
                lockEnded ? Optional.empty() : lockedUntil);
    }

    private Counter withLock(Instant now, Rule rule) {
        if (lockedUntil.isPresent() || failures < rule.failures()) {
            return this;
        }
        int nth = rule.grows() ? locks + 1 : locks;
        return new Counter(failures, pending, since, lastAttempt, nth, Optional.of(now.plus(rule.lock(nth))));
    }

    private Instant forgetsLocksAt(Rule rule) {
        return lastAttempt.plus(rule.maxLock()).plus(MEMORY);
    }

    /** Whether one more attempt fits below the limit, for a counter {@linkplain #at as it is now}. */
    boolean hasRoom(Rule rule) {
        return lockedUntil.isEmpty() && failures + pending < rule.failures();
    }

    /** One more attempt has begun. */
    Counter begun(Instant now) {
        return new Counter(failures, pending + 1, failures + pending == 0 ? now : since, now, locks, lockedUntil);
    }

    /** An attempt has failed; it may be the one that locks. */
    Counter failed(Instant now, Rule rule) {
        return new Counter(
                        failures + 1,
                        Math.max(0, pending - 1),
                        failures == 0 ? now : since,
                        lastAttempt,
                        locks,
                        lockedUntil)
                .withLock(now, rule);
    }

    /** An attempt has ended without a failure. */
    Counter ended() {
        return new Counter(failures, Math.max(0, pending - 1), since, lastAttempt, locks, lockedUntil);
    }

    /** Who knows the password has no failures, only other attempts that go on. */
    Counter forgiven() {
        return new Counter(0, pending, since, lastAttempt, 0, Optional.empty());
    }

    /** Whether it says nothing that a new one would not. */
    boolean isEmpty() {
        return failures == 0 && pending == 0 && locks == 0 && lockedUntil.isEmpty();
    }

    /** From when on it is as good as a new one. */
    Instant expiresAt(Rule rule) {
        Instant attempts = lastAttempt.plus(ABANDONED).plus(rule.window());
        Instant window = since.plus(rule.window());
        Instant row = locks > 0 ? forgetsLocksAt(rule) : window;
        return Stream.of(attempts, window, row, lockedUntil.orElse(window))
                .max(Instant::compareTo)
                .orElseThrow();
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
