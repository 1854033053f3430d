// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taskplatform.operator.health.OperatorMetrics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.slf4j.MDC;

/**
 * One JSON object a line, with the members of the services' logs, and {@code resourceNamespace} and {@code resourceName} of the
 * resource that is being reconciled, and the number of the {@code reconciliation} since the start.
 */
final class JsonFormatter extends Formatter {

    private final ObjectMapper json = new ObjectMapper();

    @Override
    public String format(LogRecord record) {
        ObjectNode line = json.createObjectNode()
                .put("time", record.getInstant().toString())
                .put("level", level(record.getLevel()))
                .put("logger", record.getLoggerName())
                .put("message", formatMessage(record))
                .put("thread", Thread.currentThread().getName());
        putContext(line, "resourceNamespace", "resource.namespace");
        putContext(line, "resourceName", "resource.name");
        putContext(line, "reconciliation", OperatorMetrics.RECONCILIATION);
        if (record.getThrown() != null) {
            line.put("exception", stackTrace(record.getThrown()));
        }
        try {
            return json.writeValueAsString(line) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("strings can always be written as JSON", e);
        }
    }

    private static void putContext(ObjectNode line, String member, String key) {
        String value = MDC.get(key);
        if (value != null) {
            line.put(member, value);
        }
    }

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

    private static String stackTrace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }
}
