// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.observe;

import io.helidon.logging.common.LogConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Sets the JVM's logging up: JSON lines on standard output, as {@code logging.properties} says. */
public final class Logging {
    private static final String FILE = "/logging.properties";
    private static final String LEVEL_SUFFIX = ".level";
    /** Below INFO it tells the parameters of statements: hashes of passwords, encrypted keys, people's addresses. */
    private static final String DATABASE_DRIVER = "org.postgresql";

    private Logging() {}

    /** Replaces whatever logging was set up before. Below INFO libraries speak as freely as the service, but one. */
    public static void configure(LogLevel level) {
        // First Helidon's own set-up, which would otherwise come later and undo this one.
        LogConfig.configureRuntime();
        // The context that records are written with logs, at TRACE, while it is loaded: not in the middle of a record.
        RequestId.current();
        try {
            LogManager.getLogManager().readConfiguration(settings(level));
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** Changes the level and nothing else; no record is lost on the way. */
    public static void change(LogLevel level) {
        try {
            LogManager.getLogManager().updateConfiguration(settings(level), key -> (before, after) -> after);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private static InputStream settings(LogLevel level) throws IOException {
        try (InputStream file = Logging.class.getResourceAsStream(FILE)) {
            Properties settings = new Properties();
            settings.load(file);
            if (level.compareTo(LogLevel.INFO) < 0) {
                settings.replaceAll((key, value) ->
                        key.toString().endsWith(LEVEL_SUFFIX) ? level.level().getName() : value);
            }
            settings.setProperty(LEVEL_SUFFIX, level.level().getName());
            LogLevel ofDriver = level.compareTo(LogLevel.INFO) < 0 ? LogLevel.INFO : level;
            settings.setProperty(
                    DATABASE_DRIVER + LEVEL_SUFFIX, ofDriver.level().getName());
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            settings.store(out, null);
            return new ByteArrayInputStream(out.toByteArray());
        }
    }

    private static UncheckedIOException unusable(IOException cause) {
        return new UncheckedIOException(FILE + " on the class path cannot be used", cause);
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
