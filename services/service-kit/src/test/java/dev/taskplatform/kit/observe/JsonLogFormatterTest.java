// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.helidon.logging.common.HelidonMdc;
import java.time.Instant;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonLogFormatterTest {
    private final JsonLogFormatter formatter = new JsonLogFormatter();

    @AfterEach
    void forget() {
        HelidonMdc.remove(RequestId.LOG_KEY);
    }

    @Test
    void writesOneLineWithAllThatIsKnown() throws Exception {
        HelidonMdc.set(RequestId.LOG_KEY, "id-1");
        LogRecord record = record(Level.INFO, "said \"{0}\"\nand more");
        record.setParameters(new Object[] {"$1", new LogFields(Map.of("status", 200))});
        record.setThrown(new IllegalStateException("broken"));

        String line = formatter.format(record);

        assertThat(line).endsWith("}\n").hasLineCount(1);
        JsonNode json = new ObjectMapper().readTree(line);
        assertThat(json.get("time").asText()).isEqualTo("2026-03-01T12:00:00.123Z");
        assertThat(json.get("level").asText()).isEqualTo("INFO");
        assertThat(json.get("logger").asText()).isEqualTo("test");
        assertThat(json.get("message").asText()).isEqualTo("said \"$1\"\nand more");
        assertThat(json.get("thread").asText()).isNotEmpty();
        assertThat(json.get("requestId").asText()).isEqualTo("id-1");
        assertThat(json.get("status").asInt()).isEqualTo(200);
        assertThat(json.get("exception").asText()).contains("IllegalStateException: broken", "\tat ");
    }

    @Test
    void leavesOutWhatIsNotThere() throws Exception {
        JsonNode json = new ObjectMapper().readTree(formatter.format(record(Level.INFO, "plain")));

        assertThat(json.fieldNames()).toIterable().containsExactly("time", "level", "logger", "message", "thread");
    }

    @ParameterizedTest
    @CsvSource({"SEVERE,ERROR", "WARNING,WARN", "INFO,INFO", "CONFIG,DEBUG", "FINE,DEBUG", "FINER,TRACE"})
    void namesLevelsAsOthersDo(String level, String name) throws Exception {
        JsonNode json = new ObjectMapper().readTree(formatter.format(record(Level.parse(level), "x")));

        assertThat(json.get("level").asText()).isEqualTo(name);
    }

    private static LogRecord record(Level level, String message) {
        LogRecord record = new LogRecord(level, message);
        record.setLoggerName("test");
        record.setInstant(Instant.parse("2026-03-01T12:00:00.123Z"));
        return record;
    }
}
