// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.audit;

import io.helidon.config.Config;
import java.time.Duration;

/**
 * Settings under {@code audit}.
 *
 * @param retention how long entries are kept
 */
public record AuditSettings(Duration retention) {
    private static final Duration SHORTEST = Duration.ofDays(1);

    /** Refuses what cannot be meant. */
    public AuditSettings {
        if (retention.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException(
                    "audit.retention: must be %s or more, but is %s".formatted(SHORTEST, retention));
        }
    }

    /**
     * @param config the node {@code audit}
     * @throws io.helidon.config.ConfigException naming the key that is missing or has no proper value
     * @throws IllegalArgumentException naming the key whose value cannot work
     */
    public static AuditSettings from(Config config) {
        return new AuditSettings(config.get("retention").as(Duration.class).get());
    }
}
