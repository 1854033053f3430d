// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.log;

import java.util.Locale;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
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

    private Logging() {}

    /**
     * @param name TRACE, DEBUG, INFO, WARN or ERROR, in any case
     * @throws IllegalArgumentException for any other level
     */
    public static void configure(String name) {
        Level level = LEVELS.get(name.toUpperCase(Locale.ROOT));
        if (level == null) {
            throw new IllegalArgumentException(
                    "LOG_LEVEL has to be TRACE, DEBUG, INFO, WARN or ERROR, but is '%s'".formatted(name));
        }
        LogManager.getLogManager().reset();
        Handler handler = new StreamHandler(System.out, new JsonFormatter()) {
            @Override
            public synchronized void publish(LogRecord record) {
                super.publish(record);
                flush();
            }
        };
        handler.setLevel(Level.ALL);
        Logger root = Logger.getLogger("");
        root.addHandler(handler);
        root.setLevel(level);
    }
}
