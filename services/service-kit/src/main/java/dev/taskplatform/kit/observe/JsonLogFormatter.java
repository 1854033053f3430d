// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.observe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.logging.common.HelidonMdc;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * One JSON object a line: {@code time} (UTC), {@code level}, {@code logger}, {@code message}, {@code thread}, and where
 * there is one {@code requestId}, {@code exception} (stack trace) and the members of {@link LogFields}.
 *
 * <p>Helidon's own JSON formatter has no structured members, which the access log needs.
 */
final class JsonLogFormatter extends Formatter {
    private final ObjectMapper json = new ObjectMapper();

    @Override
    public String format(LogRecord record) {
        ObjectNode line = json.createObjectNode()
                .put("time", record.getInstant().toString())
                .put("level", level(record.getLevel()))
                .put("logger", record.getLoggerName())
                .put("message", formatMessage(record))
                .put("thread", thread());
        HelidonMdc.get(RequestId.LOG_KEY).ifPresent(id -> line.put("requestId", id));
        if (record.getThrown() != null) {
            line.put("exception", stackTrace(record.getThrown()));
        }
        Object[] parameters = record.getParameters();
        if (parameters != null
                && parameters.length > 0
                && parameters[parameters.length - 1] instanceof LogFields more) {
            more.values().forEach(line::putPOJO);
        }
        try {
            return json.writeValueAsString(line) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A log record has a member that is no JSON value", e);
        }
    }

    /** The names that people filter by; java.util.logging's own are unusual. */
    private static String level(Level level) {
        int value = level.intValue();
        if (value >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (value >= Level.WARNING.intValue()) {
            return "WARN";
        }
        if (value >= Level.INFO.intValue()) {
            return "INFO";
        }
        return value >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
    }

    private static String thread() {
        Thread thread = Thread.currentThread();
        return thread.getName().isEmpty() ? "virtual-" + thread.threadId() : thread.getName();
    }

    private static String stackTrace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }
}
