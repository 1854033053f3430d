// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.taskplatform.operator.api.Condition;
import dev.taskplatform.operator.api.TaskPlatform;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KubeApi.class)
class LifecycleIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final KubeApi.Server api;
    private final KubernetesClient client;
    private String namespace;
    private FakeWorkloads workloads;
    private RunningOperator operator;

    LifecycleIT(KubeApi.Server api) {
        this.api = api;
        this.client = api.client();
    }

    @BeforeEach
    void start() {
        namespace = api.namespace("life");
        workloads = new FakeWorkloads(client);
        operator = new RunningOperator(api.config(), namespace);
    }

    @AfterEach
    void stop() {
        operator.close();
        workloads.close();
    }

    @Test
    void becomesReadyAndThenWritesNothing() {
        api.create(namespace, "demo", "{database: {embedded: {}}}");
        awaitReady("demo");

        long before = operator.reconciliations();
        int writes = operator.writes().size();
        client.configMaps().inNamespace(namespace).withName("demo-user-service").edit(map -> {
            map.getMetadata().getLabels().put("someone", "else");
            return map;
        });
        await().atMost(SOON).until(() -> operator.reconciliations() > before);

        assertThat(operator.writes()).hasSize(writes);
    }

    private void awaitReady(String name) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(condition(name, "Ready"))
                        .hasValueSatisfying(ready ->
                                assertThat(ready.status()).as(ready.toString()).isEqualTo("True")));
    }

    private Optional<Condition> condition(String name, String type) {
        return Optional.ofNullable(client.resources(TaskPlatform.class)
                        .inNamespace(namespace)
                        .withName(name)
                        .get()
                        .getStatus())
                .stream()
                .flatMap(status -> status.conditions().stream())
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }
}
