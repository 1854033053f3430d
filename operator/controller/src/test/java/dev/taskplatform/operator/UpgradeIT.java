// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.taskplatform.operator.api.TaskPlatformStatus.PlannedChange;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another version of the operator restarts no pod unless the resource allows it. */
class UpgradeIT extends OnKubeApi {

    private static final Map<String, String> NEW_IMAGES = Map.of(
            "OPERAND_USER_SERVICE_IMAGE", "registry.example.com/tp/user-service:1.1.0",
            "OPERAND_TASK_SERVICE_IMAGE", "registry.example.com/tp/task-service:1.1.0");

    UpgradeIT(KubeApi.Server api) {
        super(api);
    }

    @Test
    void anUpgradeWaitsForApproval() {
        createReady("demo", EMBEDDED);
        awaitRevision("demo");
        List<String> pods = uids();

        upgrade(NEW_IMAGES);
        await().atMost(SOON).until(() -> get("demo").getStatus().plan() != null);

        assertThat(get("demo").getStatus().plan())
                .containsExactly(
                        new PlannedChange(
                                "Deployment",
                                "demo-user-service",
                                "Update",
                                true,
                                "image registry.example.com/tp/user-service:1.0.0 to registry.example.com/tp/user-service:1.1.0"),
                        new PlannedChange(
                                "Deployment",
                                "demo-task-service",
                                "Update",
                                true,
                                "image registry.example.com/tp/task-service:1.0.0 to registry.example.com/tp/task-service:1.1.0"));
        assertThat(uids()).as("no pod was restarted").isEqualTo(pods);
        awaitReady("demo");
        assertThat(events("demo")).anyMatch(event -> event.startsWith("Normal UpgradeWaiting: "));
        lookAgain("demo");
        List<String> writes = operator.writes();
        lookAgain("demo");
        assertThat(operator.writes()).isEqualTo(writes);

        annotate("demo", "taskplatform.dev/approved", get("demo").getStatus().planRevision());
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(image("demo-task-service")).endsWith(":1.1.0"));
        awaitReady("demo");
        assertThat(get("demo").getStatus().plan()).isNull();
        assertThat(get("demo").getStatus().planRevision()).isNull();
    }

    @Test
    void aChangeOfTheResourceTakesNoNewImagesAlong() {
        createReady("demo", EMBEDDED);
        awaitRevision("demo");
        upgrade(NEW_IMAGES);
        await().atMost(SOON).until(() -> get("demo").getStatus().plan() != null);
        List<String> users = podUids("user-service");

        patch("demo", "{\"taskService\": {\"env\": [{\"name\": \"A\", \"value\": \"1\"}]}}");
        await().atMost(SOON)
                .until(() -> !container("demo-task-service").getEnv().isEmpty());
        awaitReady("demo");

        assertThat(image("demo-task-service")).endsWith(":1.0.0");
        assertThat(podUids("user-service")).as("the other service goes on").isEqualTo(users);
        assertThat(get("demo").getStatus().plan()).as("still waits").hasSize(2);

        patch("demo", "{\"userService\": {\"config\": {\"accessTokenLifetime\": \"PT5M\"}}}");
        awaitReady("demo");
        assertThat(podUids("user-service")).as("a live setting").isEqualTo(users);
    }

    @Test
    void automaticMeansAtOnce() {
        createReady("demo", "{database: {embedded: {}}, upgradePolicy: Automatic}");
        awaitRevision("demo");

        upgrade(NEW_IMAGES);

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(image("demo-task-service")).endsWith(":1.1.0"));
        awaitReady("demo");
        assertThat(get("demo").getStatus().version()).isEqualTo("1.1.0");
    }

    @Test
    void anotherDefinitionOfThePodsWaitsToo(@TempDir Path directory) throws IOException {
        createReady("demo", EMBEDDED);
        awaitRevision("demo");
        List<String> pods = uids();

        upgrade(Map.of("CHART_DIR", changedChart(directory).toString()));
        await().atMost(SOON).until(() -> get("demo").getStatus().plan() != null);

        assertThat(get("demo").getStatus().plan())
                .extracting(PlannedChange::reason)
                .containsOnly("the container's livenessProbe");
        assertThat(uids()).isEqualTo(pods);
        assertThat(client.services()
                        .inNamespace(namespace)
                        .withName("demo-user-service")
                        .get()
                        .getMetadata()
                        .getLabels())
                .as("what restarts nothing is applied")
                .containsEntry("new", "label");
    }

    @Test
    void podsOfAnOperatorWithoutRevisionsAreAdopted(@TempDir Path directory) throws IOException {
        createReady("demo", EMBEDDED);
        awaitRevision("demo");
        operator.close();
        // As an operator left them that knew neither revisions nor this digest.
        client.apps().controllerRevisions().inNamespace(namespace).delete();
        for (String name : List.of("demo-user-service", "demo-task-service")) {
            deployment(name).edit(found -> {
                found.getMetadata().getAnnotations().remove("taskplatform.dev/template");
                return found;
            });
        }
        List<String> pods = uids();

        var settings = new HashMap<>(NEW_IMAGES);
        settings.put("CHART_DIR", changedChart(directory).toString());
        operator = new RunningOperator(api.operatorConfig(), namespace, settings);
        await().atMost(SOON).until(() -> get("demo").getStatus().plan() != null);
        awaitReady("demo");

        assertThat(uids()).as("no pod was restarted").isEqualTo(pods);
        assertThat(get("demo").getStatus().plan())
                .extracting(PlannedChange::reason)
                .allSatisfy(reason -> assertThat(reason).contains("1.0.0 to ", "the container's livenessProbe"));
        annotate("demo", "taskplatform.dev/approved", get("demo").getStatus().planRevision());
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(image("demo-task-service")).endsWith(":1.1.0"));
        awaitReady("demo");
    }

    @Test
    void aPausedResourceSaysWhatItWouldChange() {
        createReady("demo", EMBEDDED);
        awaitRevision("demo");
        patch("demo", "{\"paused\": true}");
        awaitCondition("demo", "Paused", condition -> condition.status().equals("True"));
        assertThat(get("demo").getStatus().plan()).isNull();
        List<String> writes = operator.writes();

        patch("demo", """
                {"networkPolicy": {"enabled": false}, "image": {"tag": "2.0.0"},
                 "userService": {"config": {"passwordMinLength": 10}}}""");
        await().atMost(SOON).until(() -> get("demo").getStatus().plan() != null);

        assertThat(get("demo").getStatus().plan())
                .contains(
                        new PlannedChange(
                                "ConfigMap", "demo-user-service", "Update", false, "its definition has changed"),
                        new PlannedChange(
                                "NetworkPolicy",
                                "demo-user-service",
                                "Delete",
                                false,
                                "nothing asks for it any longer"))
                .filteredOn(PlannedChange::restartsPods)
                .extracting(PlannedChange::name)
                .containsExactlyInAnyOrder("demo-user-service", "demo-task-service");
        assertThat(operator.writes().stream()
                        .filter(write -> !write.contains("/status"))
                        .toList())
                .isEqualTo(writes.stream()
                        .filter(write -> !write.contains("/status"))
                        .toList());

        patch("demo", "{\"paused\": null}");
        awaitReady("demo");
        assertThat(get("demo").getStatus().plan()).isNull();
        assertThat(image("demo-task-service")).endsWith(":2.0.0");
    }

    @Test
    void aRestartCanBeAskedFor() {
        createConnection();
        createReady("demo", POSTGRES);
        awaitRevision("demo");
        List<String> pods = uids();

        annotate("demo", "taskplatform.dev/restarted-at", "2026-01-01T00:00:00Z");

        await().atMost(SOON).untilAsserted(() -> assertThat(uids()).hasSize(4).doesNotContainAnyElementsOf(pods));
        awaitReady("demo");
        assertThat(events("demo"))
                .contains(
                        "Normal RestartingPods: user-service: a restart was asked for",
                        "Normal RestartingPods: task-service: a restart was asked for");
    }

    private io.fabric8.kubernetes.api.model.Container container(String deployment) {
        return deployment(deployment)
                .get()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst();
    }

    private List<String> uids() {
        return Set.of("user-service", "task-service").stream()
                .flatMap(service -> pods(service).stream())
                .map(Pod::getMetadata)
                .map(metadata -> metadata.getUid())
                .sorted()
                .toList();
    }

    private void upgrade(Map<String, String> settings) {
        operator.close();
        operator = new RunningOperator(api.operatorConfig(), namespace, settings);
    }

    private static Path changedChart(Path directory) throws IOException {
        Path chart = ChartCopy.in(directory);
        Path deployment = chart.resolve("templates/_deployment.tpl");
        Files.writeString(
                deployment, Files.readString(deployment).replace("failureThreshold: 6", "failureThreshold: 7"));
        Path service = chart.resolve("templates/_service.tpl");
        Files.writeString(
                service, Files.readString(service).replaceFirst("  labels:\n", "  labels:\n    new: label\n"));
        return chart;
    }
}
