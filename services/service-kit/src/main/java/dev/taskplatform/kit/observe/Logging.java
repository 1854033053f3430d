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
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

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
        // The context that records are written with logs, at TRACE, while it is loaded: not in the middle of a record.
        RequestId.current();
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

    /**
     * Keeps logging alive while the JVM shuts down, until somebody halts it. The JVM would take the handlers away as soon
     * as it begins; Helidon's own remedy does not help if that happens before Helidon's shutdown thread has started.
     */
    public static void outliveShutdown() {
        Logger root = Logger.getLogger("");
        Handler[] handlers = root.getHandlers();
        for (Handler handler : handlers) {
            root.removeHandler(handler);
        }
        root.addHandler(new NeverClosed());
        for (Handler handler : handlers) {
            root.addHandler(handler);
        }
    }

    /** Handlers are closed in order: those after this one stay. */
    private static final class NeverClosed extends Handler {
        @Override
        public void publish(LogRecord record) {
            // Only close() matters.
        }

        @Override
        public void flush() {
            // Nothing is kept.
        }

        @Override
        public void close() {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
