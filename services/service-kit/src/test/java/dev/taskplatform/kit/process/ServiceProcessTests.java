// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the process of every service does at its start and its end. A class that extends it has a static method
 * {@code wrongSettings} with what no service of its kind can start with: variable, value and the setting's name.
 */
public abstract class ServiceProcessTests {
    @TempDir
    protected Path directory;

    /**
     * Starts the service.
     *
     * @param more environment variables beside those that it needs
     */
    protected abstract ServiceProcess start(Map<String, String> more) throws IOException;

    /** Has the service do something. */
    protected abstract void use(int port);

    @Test
    void endsInOrderOnSigterm() throws Exception {
        try (ServiceProcess process = start(Map.of())) {
            use(process.awaitPort());
            process.terminate();

            assertThat(process.awaitEnd()).isZero();
            assertThat(messages(process)).last().isEqualTo("Stopped");
            assertThat(process.log()).noneMatch(record -> record.has("exception"));
        }
    }

    @ParameterizedTest
    @MethodSource("wrongSettings")
    void namesTheSettingItCannotStartWith(String variable, String value, String setting) throws Exception {
        try (ServiceProcess process = start(Map.of(variable, value))) {
            assertThat(process.awaitEnd()).isEqualTo(1);
            assertThat(messages(process)).last().asString().contains("cannot start", setting);
            assertThat(process.log()).noneMatch(record -> record.has("exception"));
        }
    }

    /** What a process has logged, the messages only. */
    protected static List<String> messages(ServiceProcess process) {
        return process.log().stream()
                .map(record -> record.path("message"))
                .map(JsonNode::asText)
                .toList();
    }
}
