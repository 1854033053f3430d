// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.observe;

import io.helidon.config.Config;
import java.util.Arrays;
import java.util.Locale;
import java.util.logging.Level;

/** How much is logged; each level and all below it in this list. */
public enum LogLevel {
    TRACE(Level.FINEST),
    DEBUG(Level.FINE),
    INFO(Level.INFO),
    WARN(Level.WARNING),
    ERROR(Level.SEVERE);

    private final Level level;

    LogLevel(Level level) {
        this.level = level;
    }

    /**
     * The setting {@code log.level}, in any case.
     *
     * @param config the root
     * @throws IllegalArgumentException for a level that does not exist
     * @throws io.helidon.config.ConfigException if the setting is missing
     */
    public static LogLevel from(Config config) {
        String name = config.get("log.level").asString().get();
        return Arrays.stream(values())
                .filter(level -> level.name().equals(name.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "log.level: must be TRACE, DEBUG, INFO, WARN or ERROR, but is '%s'".formatted(name)));
    }

    Level level() {
        return level;
    }
}
