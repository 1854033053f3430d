// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.limit;

import io.helidon.config.Config;
import java.time.Duration;

/**
 * Settings under {@code rate}: what one client address may ask of one replica.
 *
 * @param requestsPerSecond in the long run; 0 for no limit
 * @param burst at once, after a rest
 */
public record RateSettings(int requestsPerSecond, int burst) {
    /** Longest rest that matters: who has rested longer has a full burst, and need not be remembered. */
    static final Duration MAX_REST = Duration.ofMinutes(10);

    private static final int MAX_RATE = 1_000_000;

    /** @throws IllegalArgumentException naming the setting that is out of range */
    public RateSettings {
        if (requestsPerSecond < 0 || requestsPerSecond > MAX_RATE) {
            throw new IllegalArgumentException("rate.requests-per-second: must be 0 (no limit) to %d, but is %d"
                    .formatted(MAX_RATE, requestsPerSecond));
        }
        long maxBurst = Math.max(1, requestsPerSecond) * MAX_REST.toSeconds();
        if (burst < 1 || burst > maxBurst) {
            throw new IllegalArgumentException(
                    "rate.burst: must be 1 to %d (%d times rate.requests-per-second), but is %d"
                            .formatted(maxBurst, MAX_REST.toSeconds(), burst));
        }
    }

    /**
     * @param config the node {@code rate}
     * @throws io.helidon.config.ConfigException naming the key that is missing or no number
     */
    public static RateSettings from(Config config) {
        return new RateSettings(
                config.get("requests-per-second").asInt().get(),
                config.get("burst").asInt().get());
    }

    boolean isLimited() {
        return requestsPerSecond > 0;
    }

    /** From no request left to a full burst. */
    Duration window() {
        return timeFor(burst);
    }

    /** Until so many requests more are allowed. */
    Duration timeFor(double requests) {
        return Duration.ofNanos((long) Math.ceil(requests * 1e9 / requestsPerSecond));
    }
}
