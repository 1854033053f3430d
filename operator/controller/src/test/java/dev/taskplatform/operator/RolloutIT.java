// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.taskplatform.operator.api.Condition;
import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.api.TaskPlatformStatus.ServiceStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Changes of the resource reach the pods in order, and the status tells how far they are. */
class RolloutIT extends OnKubeApi {

    RolloutIT(KubeApi.Server api) {
        super(api);
    }

    @Test
    void statusSaysWhatRuns() {
        createConnection();
        TaskPlatform resource = createReady("demo", POSTGRES);

        var status = resource.getStatus();
        assertThat(status.services())
                .extracting(
                        ServiceStatus::name,
                        ServiceStatus::desired,
                        ServiceStatus::ready,
                        ServiceStatus::image,
                        ServiceStatus::url)
                .containsExactly(
                        tuple(
                                "user-service",
                                2,
                                2,
                                "registry.example.com/tp/user-service:1.0.0",
                                "http://demo-user-service." + namespace + ".svc"),
                        tuple(
                                "task-service",
                                2,
                                2,
                                "registry.example.com/tp/task-service:1.0.0",
                                "http://demo-task-service." + namespace + ".svc"));
        assertThat(status.version()).isEqualTo("1.0.0");
        assertThat(status.replicas()).isEqualTo(2);
        assertThat(pods("task-service"))
                .hasSize(2)
                .allSatisfy(pod -> List.of(status.selector().split(","))
                        .forEach(term -> assertThat(pod.getMetadata().getLabels())
                                .containsEntry(term.split("=")[0], term.split("=")[1])));
        assertThat(status.conditions())
                .extracting(Condition::type, Condition::status)
                .containsExactly(
                        tuple("Ready", "True"),
                        tuple("Progressing", "False"),
                        tuple("Degraded", "False"),
                        tuple("RolledBack", "False"),
                        tuple("Paused", "False"));
    }

    @Test
    void replicasReachThePods() {
        createConnection();
        createReady("demo", POSTGRES);

        patch("demo", "{\"replicas\": 3}");
        awaitReady("demo");

        assertThat(pods("user-service")).hasSize(3);
        assertThat(pods("task-service")).hasSize(3);

        patch("demo", "{\"replicas\": 0}");
        awaitCondition("demo", "Ready", condition -> condition.reason().equals("Stopped"));

        assertThat(pods("user-service")).isEmpty();
    }

    @Test
    void theTaskServiceWaitsForTheUserService() {
        createReady("demo", EMBEDDED);
        workloads.hold("demo-user-service");

        patch("demo", "{\"image\": {\"tag\": \"2.0.0\"}}");
        Condition progressing = awaitCondition(
                "demo", "Progressing", condition -> condition.message().contains("waits for its turn"));

        assertThat(progressing.status()).isEqualTo("True");
        assertThat(progressing.message()).contains("user-service: 0 of 1 pods available");
        assertThat(condition("demo", "Ready"))
                .hasValueSatisfying(ready -> assertThat(ready.status()).isEqualTo("False"));
        assertThat(image("demo-user-service")).endsWith(":2.0.0");
        assertThat(image("demo-task-service")).endsWith(":1.0.0");
        assertThat(get("demo").getStatus().version()).isEqualTo("1.0.0");

        workloads.release(namespace, "demo-user-service");
        TaskPlatform resource = awaitReady("demo");
        assertThat(image("demo-task-service")).endsWith(":2.0.0");
        assertThat(resource.getStatus().version()).isEqualTo("2.0.0");
    }

    @Test
    void anAutoscalerTakesTheReplicasOverAndGivesThemBack() {
        createConnection();
        createReady("demo", "{replicas: 3, database: {postgres: {secretName: db}}}");

        patch("demo", "{\"taskService\": {\"autoscaling\": {\"minReplicas\": 2, \"maxReplicas\": 6}}}");
        awaitReady("demo");
        assertThat(replicas("demo-task-service")).as("as before the change").isEqualTo(3);

        deployment("demo-task-service").scale(5); // as the autoscaler does
        awaitReady("demo");
        lookAgain("demo");
        assertThat(replicas("demo-task-service")).isEqualTo(5);
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(get("demo").getStatus().replicas()).isEqualTo(5));

        patch("demo", "{\"taskService\": {\"autoscaling\": null}}");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(replicas("demo-task-service")).isEqualTo(3));
        awaitReady("demo");
    }

    @Test
    void aLiveSettingReachesTheFileAndRestartsNoPod() {
        createReady("demo", EMBEDDED);
        List<Pod> pods = pods("user-service");
        Long generation = deployment("demo-user-service").get().getMetadata().getGeneration();

        patch("demo", "{\"userService\": {\"config\": {\"accessTokenLifetime\": \"PT5M\"}}}");
        await().atMost(SOON).untilAsserted(() -> assertThat(settings()).contains("access-lifetime: PT5M"));
        awaitReady("demo");

        assertThat(deployment("demo-user-service").get().getMetadata().getGeneration())
                .as("nothing of the Deployment was changed")
                .isEqualTo(generation);
        assertThat(pods("user-service"))
                .extracting(pod -> pod.getMetadata().getUid())
                .containsExactlyElementsOf(
                        pods.stream().map(pod -> pod.getMetadata().getUid()).toList());
    }

    @Test
    void aTransitionTimeStaysUntilTheStatusChanges() {
        TaskPlatform before = createReady("demo", EMBEDDED);

        patch("demo", "{\"compatibility\": {\"simpleApi\": true}}");
        TaskPlatform after = awaitReady("demo");

        assertThat(transition(after, "Degraded")).isEqualTo(transition(before, "Degraded"));
        assertThat(after.getStatus().conditions())
                .allSatisfy(condition -> assertThat(condition.observedGeneration())
                        .isEqualTo(after.getMetadata().getGeneration()));
    }

    private static String transition(TaskPlatform resource, String type) {
        return resource.getStatus().conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .map(Condition::lastTransitionTime)
                .findFirst()
                .orElseThrow();
    }

    private String settings() {
        return client.configMaps()
                .inNamespace(namespace)
                .withName("demo-user-service")
                .get()
                .getData()
                .get("application.yaml");
    }

    private int replicas(String name) {
        return deployment(name).get().getSpec().getReplicas();
    }
}
