// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.observe;

import io.helidon.logging.common.LogConfig;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;

/** Sets the JVM's logging up: JSON lines on standard output. */
public final class Logging {
    private static final Map<String, Level> LEVELS = Map.of(
            "TRACE", Level.FINEST,
            "DEBUG", Level.FINE,
            "INFO", Level.INFO,
            "WARN", Level.WARNING,
            "ERROR", Level.SEVERE);
    /** What libraries say at INFO about themselves at every start. */
    private static final String[] QUIET = {"com.zaxxer.hikari", "org.flywaydb", "io.helidon"};

    private Logging() {}

    /**
     * Replaces whatever logging was set up before.
     *
     * @param level TRACE, DEBUG, INFO, WARN or ERROR, in any case
     * @throws IllegalArgumentException for any other level
     */
    public static void configure(String level) {
        Level threshold = LEVELS.get(level.toUpperCase(Locale.ROOT));
        if (threshold == null) {
            throw new IllegalArgumentException("log.level is \"" + level + "\"; use TRACE, DEBUG, INFO, WARN or ERROR");
        }
        // First Helidon's own set-up, which would otherwise come later and undo this one.
        LogConfig.configureRuntime();
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        root.addHandler(new StandardOutput(new FileOutputStream(FileDescriptor.out)));
        root.setLevel(threshold);
        for (String name : QUIET) {
            Logger.getLogger(name).setLevel(threshold.intValue() < Level.INFO.intValue() ? threshold : Level.WARNING);
        }
    }

    /** Unlike its parent writes every record at once. */
    private static final class StandardOutput extends StreamHandler {
        StandardOutput(OutputStream out) {
            super(out, new JsonLogFormatter());
            setLevel(Level.ALL);
        }

        @Override
        public synchronized void publish(LogRecord record) {
            super.publish(record);
            flush();
        }

        /** Standard output is not ours to close. */
        @Override
        public synchronized void close() {
            flush();
        }
    }
}
