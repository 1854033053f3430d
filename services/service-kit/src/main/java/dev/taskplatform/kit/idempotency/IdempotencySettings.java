// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.idempotency;

import io.helidon.config.Config;
import java.time.Duration;

/**
 * Settings under {@code idempotency}.
 *
 * @param retention how long an answer is kept for repetitions of its request
 */
public record IdempotencySettings(Duration retention) {
    /** Refuses what cannot work. */
    public IdempotencySettings {
        if (retention.compareTo(Idempotency.CLAIM) < 0) {
            throw new IllegalArgumentException(
                    "idempotency.retention: must be %s or more, but is %s".formatted(Idempotency.CLAIM, retention));
        }
    }

    /**
     * @param config the node {@code idempotency}
     * @throws io.helidon.config.ConfigException naming the key that is missing or has no proper value
     * @throws IllegalArgumentException naming the key whose value cannot work
     */
    public static IdempotencySettings from(Config config) {
        return new IdempotencySettings(
                config.get("retention").as(Duration.class).get());
    }
}
