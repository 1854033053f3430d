// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.event;

import io.helidon.config.Config;
import java.time.Duration;

/**
 * Settings under {@code event}.
 *
 * @param retention how long events are kept; a service that does not read for longer must begin anew
 */
public record EventSettings(Duration retention) {
    /** Refuses what cannot work. */
    public EventSettings {
        if (!retention.isPositive()) {
            throw new IllegalArgumentException("event.retention: must be longer than nothing, but is " + retention);
        }
    }

    /**
     * @param config the node {@code event}
     * @throws io.helidon.config.ConfigException naming the key that is missing or has no proper value
     * @throws IllegalArgumentException naming the key whose value cannot work
     */
    public static EventSettings from(Config config) {
        return new EventSettings(config.get("retention").as(Duration.class).get());
    }
}
