// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.taskplatform.operator.api.Condition;
import dev.taskplatform.operator.api.TaskPlatform;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A change whose pods don't become healthy is taken back, remembered, and not tried again unasked. */
class RollbackIT extends OnKubeApi {

    private static final String BAD = "{\"image\": {\"tag\": \"missing\"}}";

    RollbackIT(KubeApi.Server api) {
        super(api);
    }

    @Test
    void whatRunsHealthilyIsRemembered() {
        TaskPlatform resource = createReady("demo", EMBEDDED);

        awaitRevision("demo");
        assertThat(revisions("demo", "Healthy")).singleElement().satisfies(revision -> {
            assertThat(revision.getMetadata().getOwnerReferences()).hasSize(1);
            assertThat(revision.getMetadata().getName())
                    .isEqualTo(get("demo").getStatus().revision());
        });
        String first = get("demo").getStatus().revision();

        patch("demo", "{\"userService\": {\"env\": [{\"name\": \"A\", \"value\": \"1\"}]}}");
        await().atMost(SOON).until(() -> !first.equals(get("demo").getStatus().revision()));

        assertThat(revisions("demo", "Healthy"))
                .as("one is enough to go back to")
                .hasSize(1);
        assertThat(resource.getMetadata().getGeneration()).isEqualTo(1);
    }

    @Test
    void aChangeThatDoesNotBecomeHealthyIsTakenBack() {
        createReady("demo", EMBEDDED);
        awaitRevision("demo");
        String healthy = image("demo-user-service");
        Long generation = deployment("demo-task-service").get().getMetadata().getGeneration();

        fail("demo");

        Condition rolledBack = awaitCondition(
                "demo", "RolledBack", condition -> condition.status().equals("True"));
        assertThat(rolledBack.reason()).isEqualTo("ImagePullFailed");
        assertThat(rolledBack.message())
                .contains("user-service:missing", "manifest unknown", "kubectl delete controllerrevision demo-");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(image("demo-user-service")).isEqualTo(healthy));
        assertThat(deployment("demo-task-service").get().getMetadata().getGeneration())
                .as("was never touched")
                .isEqualTo(generation);
        Condition ready =
                awaitCondition("demo", "Ready", condition -> condition.reason().equals("RolledBack"));
        assertThat(ready.status()).isEqualTo("False");
        assertThat(get("demo").getStatus().services())
                .allSatisfy(service -> assertThat(service.ready()).isEqualTo(1));
        assertThat(events("demo"))
                .anyMatch(event -> event.startsWith("Warning RollingBack: ") && event.contains("manifest unknown"))
                .anyMatch(event -> event.equals("Normal RestartingPods: user-service: image " + healthy + " to "
                        + healthy.replace("1.0.0", "missing")));
    }

    @Test
    void itIsNotTriedAgainUntilTheResourceChanges() {
        createReady("demo", EMBEDDED);
        awaitRevision("demo");
        fail("demo");
        awaitCondition("demo", "RolledBack", condition -> condition.status().equals("True"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(image("demo-user-service")).endsWith(":1.0.0"));
        lookAgain("demo");
        List<String> writes = operator.writes();

        lookAgain("demo");
        assertThat(operator.writes()).isEqualTo(writes);

        operator.close();
        operator = new RunningOperator(api.operatorConfig(), namespace);
        await().atMost(SOON).until(() -> operator.reconciliations() > 0);
        assertThat(image("demo-user-service"))
                .as("another operator knows it too")
                .endsWith(":1.0.0");

        patch("demo", "{\"networkPolicy\": {\"enabled\": false}}");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(children("demo"))
                        .noneMatch(child -> child.getKind().equals("NetworkPolicy")));
        assertThat(image("demo-user-service"))
                .as("what has nothing to do with it")
                .endsWith(":1.0.0");

        patch("demo", "{\"image\": {\"tag\": \"2.0.0\"}}");
        awaitReady("demo");
        assertThat(image("demo-user-service")).endsWith(":2.0.0");
        assertThat(condition("demo", "RolledBack"))
                .hasValueSatisfying(found -> assertThat(found.status()).isEqualTo("False"));
    }

    @Test
    void takingTheChangeOutOfTheResourceEndsIt() {
        createReady("demo", EMBEDDED);
        awaitRevision("demo");
        fail("demo");
        awaitCondition("demo", "RolledBack", condition -> condition.status().equals("True"));

        patch("demo", "{\"image\": null}");

        awaitReady("demo");
        assertThat(image("demo-user-service")).endsWith(":1.0.0");
    }

    @Test
    void deletingTheFailedRevisionTriesItAgain() {
        createReady("demo", EMBEDDED);
        awaitRevision("demo");
        fail("demo");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(image("demo-user-service")).endsWith(":1.0.0"));

        revisions("demo", "Failed").forEach(failed -> client.resource(failed).delete());

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(image("demo-user-service")).endsWith(":missing"));
        assertThat(condition("demo", "RolledBack"))
                .hasValueSatisfying(found -> assertThat(found.status()).isEqualTo("False"));
    }

    @Test
    void theSettingsFileGoesBackToo() {
        createReady("demo", EMBEDDED);
        awaitRevision("demo");
        String before = settings("demo-task-service");
        workloads.hold("demo-user-service");
        patch("demo", "{\"issuer\": \"https://elsewhere.example.com\"}");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(settings("demo-user-service")).contains("elsewhere"));
        assertThat(settings("demo-task-service")).as("waits with its pods").isEqualTo(before);

        workloads.exceedDeadline(namespace, "demo-user-service");

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(settings("demo-user-service")).doesNotContain("elsewhere"));
        assertThat(settings("demo-task-service")).isEqualTo(before);
    }

    @Test
    void automaticRollbackCanBeTurnedOff() {
        createReady("demo", "{database: {embedded: {}}, rollout: {automaticRollback: false, healthDeadline: PT2M}}");
        awaitRevision("demo");
        assertThat(deployment("demo-user-service").get().getSpec().getProgressDeadlineSeconds())
                .isEqualTo(120);

        fail("demo");

        awaitCondition("demo", "Ready", condition -> condition.reason().equals("ImagePullFailed"));
        lookAgain("demo");
        assertThat(image("demo-user-service")).endsWith(":missing");
        assertThat(revisions("demo", "Failed")).isEmpty();
    }

    @Test
    void aFirstInstallHasNothingToGoBackTo() {
        create("demo", "{database: {embedded: {}}, image: {tag: missing}}");
        awaitCondition("demo", "Ready", condition -> condition.reason().equals("ImagePullFailed"));

        workloads.exceedDeadline(namespace, "demo-user-service");
        lookAgain("demo");

        assertThat(condition("demo", "RolledBack"))
                .hasValueSatisfying(found -> assertThat(found.status()).isEqualTo("False"));
        patch("demo", "{\"image\": {\"tag\": \"1.0.0\"}}");
        awaitReady("demo");
    }

    private void fail(String name) {
        patch(name, BAD);
        awaitCondition(name, "Ready", condition -> condition.reason().equals("ImagePullFailed"));
        workloads.exceedDeadline(namespace, name + "-user-service");
    }

    private String settings(String name) {
        return client.configMaps()
                .inNamespace(namespace)
                .withName(name)
                .get()
                .getData()
                .get("application.yaml");
    }
}
