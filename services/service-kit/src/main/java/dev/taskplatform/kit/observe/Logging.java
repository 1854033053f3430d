// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.observe;

import io.helidon.logging.common.LogConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.LogManager;

/** Sets the JVM's logging up: JSON lines on standard output, as {@code logging.properties} says. */
public final class Logging {
    private static final String FILE = "/logging.properties";
    private static final String LEVEL_SUFFIX = ".level";
    private static final Map<String, Level> LEVELS = Map.of(
            "TRACE", Level.FINEST,
            "DEBUG", Level.FINE,
            "INFO", Level.INFO,
            "WARN", Level.WARNING,
            "ERROR", Level.SEVERE);

    private Logging() {}

    /**
     * Replaces whatever logging was set up before. Below INFO libraries speak as freely as the service.
     *
     * @param name TRACE, DEBUG, INFO, WARN or ERROR, in any case
     * @throws IllegalArgumentException for any other level
     */
    public static void configure(String name) {
        Level level = LEVELS.get(name.toUpperCase(Locale.ROOT));
        if (level == null) {
            throw new IllegalArgumentException(
                    "log.level: must be TRACE, DEBUG, INFO, WARN or ERROR, but is '%s'".formatted(name));
        }
        // First Helidon's own set-up, which would otherwise come later and undo this one.
        LogConfig.configureRuntime();
        try (InputStream file = Logging.class.getResourceAsStream(FILE)) {
            Properties settings = new Properties();
            settings.load(file);
            if (level.intValue() < Level.INFO.intValue()) {
                settings.keySet().removeIf(key -> key.toString().endsWith(LEVEL_SUFFIX));
            }
            settings.setProperty(LEVEL_SUFFIX, level.getName());
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            settings.store(out, null);
            LogManager.getLogManager().readConfiguration(new ByteArrayInputStream(out.toByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(FILE + " on the class path cannot be used", e);
        }
    }
}
