// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import dev.taskplatform.operator.chart.ImageReference;
import dev.taskplatform.operator.chart.OperandImages;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the operator is told by its environment.
 *
 * @param images images of the services
 * @param chart directory of the chart
 * @param namespaces namespaces to watch; empty: all of them
 * @param leaseName name of the Lease that decides which replica works; empty: this one does
 * @param leaseNamespace namespace of the Lease
 * @param logLevel level of the log: a {@link java.util.logging.Level}
 * @param port port of health and metrics
 */
public record OperatorConfiguration(
        OperandImages images,
        Path chart,
        Set<String> namespaces,
        Optional<String> leaseName,
        String leaseNamespace,
        String logLevel,
        int port) {

    public OperatorConfiguration {
        namespaces = Set.copyOf(namespaces);
    }

    /**
     * @param environment environment variables
     * @return the configuration
     * @throws IllegalArgumentException naming the variable that is missing or wrong
     */
    public static OperatorConfiguration of(Map<String, String> environment) {
        var images = new OperandImages(
                image(environment, "OPERAND_USER_SERVICE_IMAGE"), image(environment, "OPERAND_TASK_SERVICE_IMAGE"));
        Set<String> namespaces = Arrays.stream(
                        environment.getOrDefault("WATCH_NAMESPACES", "").split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
        return new OperatorConfiguration(
                images,
                Path.of(environment.getOrDefault("CHART_DIR", "/app/chart/taskplatform")),
                namespaces,
                Optional.ofNullable(environment.get("LEADER_ELECTION_LEASE")).filter(name -> !name.isBlank()),
                environment.getOrDefault("POD_NAMESPACE", "default"),
                environment.getOrDefault("LOG_LEVEL", "INFO"),
                number(environment, "PORT", 8081));
    }

    private static ImageReference image(Map<String, String> environment, String variable) {
        String value = environment.get(variable);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("Set the environment variable " + variable
                    + " to the image that the operator deploys, such as registry.example.com/user-service:1.0.0");
        }
        try {
            return ImageReference.parse(value.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Environment variable " + variable + ": " + e.getMessage(), e);
        }
    }

    private static int number(Map<String, String> environment, String variable, int otherwise) {
        String value = environment.getOrDefault(variable, Integer.toString(otherwise));
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "Environment variable %s has to be a number, not '%s'".formatted(variable, value), e);
        }
    }
}
