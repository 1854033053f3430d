// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.taskplatform.operator.chart.ImageReference;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperatorConfigurationTest {

    private static final Map<String, String> LEAST =
            Map.of("OPERAND_USER_SERVICE_IMAGE", "user-service:1", "OPERAND_TASK_SERVICE_IMAGE", "task-service:1");

    @Test
    void defaults() {
        var configuration = OperatorConfiguration.of(LEAST);

        assertThat(configuration.images().userService()).isEqualTo(new ImageReference("user-service", "1"));
        assertThat(configuration.chart()).isEqualTo(Path.of("/app/chart/taskplatform"));
        assertThat(configuration.namespaces()).isEmpty();
        assertThat(configuration.leaseName()).isEmpty();
        assertThat(configuration.logLevel()).isEqualTo("INFO");
        assertThat(configuration.port()).isEqualTo(8081);
    }

    @Test
    void namespacesAndLease() {
        var configuration = OperatorConfiguration.of(with(Map.of(
                "WATCH_NAMESPACES", " blue, green ,", "LEADER_ELECTION_LEASE", "tp", "POD_NAMESPACE", "system")));

        assertThat(configuration.namespaces()).containsExactlyInAnyOrder("blue", "green");
        assertThat(configuration.leaseName()).contains("tp");
        assertThat(configuration.leaseNamespace()).isEqualTo("system");
    }

    @ParameterizedTest
    @CsvSource({
        "OPERAND_USER_SERVICE_IMAGE, '',  Set the environment variable OPERAND_USER_SERVICE_IMAGE",
        "OPERAND_TASK_SERVICE_IMAGE, x,   Environment variable OPERAND_TASK_SERVICE_IMAGE: 'x' is no image reference",
        "PORT,                       any, 'Environment variable PORT has to be a number, not ''any'''",
    })
    void whatIsWrongIsNamed(String variable, String value, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OperatorConfiguration.of(with(Map.of(variable, value))))
                .withMessageStartingWith(message);
    }

    private static Map<String, String> with(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(LEAST);
        environment.putAll(more);
        return environment;
    }
}
