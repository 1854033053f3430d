// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.throttle;

import io.helidon.config.Config;
import java.time.Duration;

/**
 * How many failures lead to a lock, and to which.
 *
 * @param failures within the window; 0 for no limit
 * @param window from the first failure on
 * @param lock the first time
 * @param maxLock each further lock is twice as long as the one before it, up to this
 */
record Rule(int failures, Duration window, Duration lock, Duration maxLock) {
    private static final Duration MAX_DURATION = Duration.ofDays(1);

    static Rule of(Config config, int maxFailures, Duration lock, int maxGrowth) {
        int failures = config.get("failures").asInt().get();
        if (failures < 0 || failures > maxFailures) {
            throw new IllegalArgumentException("%s.failures: must be 0 (no limit) to %d, but is %d"
                    .formatted(config.key(), maxFailures, failures));
        }
        return new Rule(failures, duration(config, "window"), lock, lock.multipliedBy(maxGrowth));
    }

    static Duration duration(Config config, String key) {
        Duration duration = config.get(key).as(Duration.class).get();
        if (duration.toSeconds() < 1 || duration.compareTo(MAX_DURATION) > 0) {
            throw new IllegalArgumentException(
                    "%s.%s: must be PT1S to %s, but is %s".formatted(config.key(), key, MAX_DURATION, duration));
        }
        return duration;
    }

    boolean isOff() {
        return failures == 0;
    }

    /** Whether a lock is longer than the one before. */
    boolean grows() {
        return maxLock.compareTo(lock) > 0;
    }

    /** @param nth 1 for the first in a row */
    Duration lock(int nth) {
        Duration length = lock;
        for (int i = 1; i < nth && length.compareTo(maxLock) < 0; i++) {
            length = length.multipliedBy(2);
        }
        return length.compareTo(maxLock) < 0 ? length : maxLock;
    }
}
