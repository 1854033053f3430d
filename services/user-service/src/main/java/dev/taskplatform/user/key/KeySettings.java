// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.key;

import io.helidon.config.Config;
import java.time.Duration;

/**
 * Settings of the signing keys.
 *
 * @param rotationPeriod how long a key signs before the next one is made
 */
public record KeySettings(Duration rotationPeriod) {
    private static final Duration MIN = Duration.ofHours(1);
    private static final Duration MAX = Duration.ofDays(365);

    /** @throws IllegalArgumentException naming the setting that is wrong */
    public KeySettings {
        if (rotationPeriod.compareTo(MIN) < 0 || rotationPeriod.compareTo(MAX) > 0) {
            throw new IllegalArgumentException(
                    "keys.rotation-period: must be %s to %s, but is %s".formatted(MIN, MAX, rotationPeriod));
        }
    }

    /**
     * @param config the node {@code keys}
     * @throws IllegalArgumentException naming the setting that is wrong
     * @throws io.helidon.config.ConfigException naming the setting that is missing or of another type
     */
    public static KeySettings from(Config config) {
        return new KeySettings(config.get("rotation-period").as(Duration.class).get());
    }
}
