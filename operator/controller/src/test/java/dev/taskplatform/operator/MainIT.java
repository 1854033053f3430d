// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The process as the container starts it. */
@ExtendWith(KubeApi.class)
class MainIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final KubeApi.Server api;

    @TempDir
    Path directory;

    MainIT(KubeApi.Server api) {
        this.api = api;
    }

    @Test
    void worksSpeaksJsonAndEndsOnSigterm() throws IOException, InterruptedException {
        String namespace = api.namespace("main");
        OperatorProcess operator = start(Map.of(
                "WATCH_NAMESPACES",
                namespace,
                "LEADER_ELECTION_LEASE",
                "taskplatform-operator",
                "POD_NAMESPACE",
                namespace));
        try {
            operator.awaitReady();
            assertThat(operator.get("/healthz").body()).isEqualTo("ok\n");

            api.create(namespace, "demo", OnKubeApi.EMBEDDED);
            await().atMost(SOON)
                    .until(() -> api.client()
                                    .apps()
                                    .deployments()
                                    .inNamespace(namespace)
                                    .withName("demo-task-service")
                                    .get()
                            != null);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(operator.get("/metrics").body())
                            .contains("taskplatform_reconciliations_total{result=\"success\"} "));
            assertThat(operator.get("/nothing").statusCode()).isEqualTo(404);
        } finally {
            operator.process().destroy();
        }

        Process process = operator.process();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("ends on SIGTERM").isTrue();
        assertThat(process.exitValue()).as("128 + SIGTERM").isEqualTo(143);
        assertThat(api.client()
                        .leases()
                        .inNamespace(namespace)
                        .withName("taskplatform-operator")
                        .get()
                        .getSpec()
                        .getHolderIdentity())
                .as("the lease is free")
                .isEmpty();
        assertThat(log())
                .anySatisfy(line -> {
                    assertThat(line.path("message").textValue()).isEqualTo("Created Deployment demo-task-service");
                    assertThat(line.path("level").textValue()).isEqualTo("INFO");
                    assertThat(line.path("resourceName").textValue()).isEqualTo("demo");
                    assertThat(line.path("resourceNamespace").textValue()).isEqualTo(namespace);
                })
                .noneSatisfy(line -> assertThat(line.toString()).contains(key(namespace)));
    }

    @Test
    void saysWhatIsMissingAndEnds() throws IOException, InterruptedException {
        Process process = start(Map.of("OPERAND_TASK_SERVICE_IMAGE", "no-tag")).process();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(Files.readString(directory.resolve("log")))
                .contains("OPERAND_TASK_SERVICE_IMAGE", "no-tag", "[registry/]name:tag");
    }

    private OperatorProcess start(Map<String, String> settings) throws IOException {
        return OperatorProcess.start(api.kubeconfig(), directory, List.of("-Xmx128m"), settings);
    }

    private List<JsonNode> log() throws IOException {
        return Files.readAllLines(directory.resolve("log")).stream()
                .map(line -> Serialization.unmarshal(line, JsonNode.class))
                .toList();
    }

    private String key(String namespace) {
        return api.client()
                .secrets()
                .inNamespace(namespace)
                .withName("demo-keys")
                .get()
                .getData()
                .get("encryption-key");
    }
}
