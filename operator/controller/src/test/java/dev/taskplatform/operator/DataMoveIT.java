// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.taskplatform.operator.api.Condition;
import dev.taskplatform.operator.api.DataMove;
import dev.taskplatform.operator.api.TaskPlatformStatus;
import dev.taskplatform.operator.api.TaskPlatformStatus.Database;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All data of a resource at once: a backup that a new one begins with, and the move from embedded databases to PostgreSQL. */
class DataMoveIT extends OnKubeApi {

    private static final String RESTORED = """
            {database: {embedded: {restore: {backup: default/source/monday}}},
             backup: {persistentVolumeClaim: {claimName: backups}}}""";
    private static final String TO_POSTGRES =
            "{\"database\": {\"embedded\": null, \"postgres\": {\"secretName\": \"db\"}}, \"replicas\": 2}";
    private static final String TO_EMBEDDED = "{\"database\": {\"embedded\": {}, \"postgres\": null}, \"replicas\": 1}";

    private FakeJobs jobs;

    DataMoveIT(KubeApi.Server api) {
        super(api);
    }

    @BeforeEach
    void startJobs() {
        jobs = new FakeJobs(client, namespace);
    }

    @AfterEach
    void stopJobs() {
        jobs.close();
    }

    @Test
    void aNewResourceBeginsWithABackupAndItsKeys() {
        createReady("source", EMBEDDED);
        create("demo", RESTORED);
        String held = awaitJob("demo-restore-", "-user");

        awaitReady("demo");

        assertThat(jobs.names()).containsExactly(held, held.replaceAll("-user$", "-task"));
        assertThat(secret("demo").getData()).isEqualTo(secret("source").getData());
        TaskPlatformStatus status = get("demo").getStatus();
        assertThat(status.database()).isEqualTo(Database.Embedded);
        assertThat(status.restore().phase()).isEqualTo(DataMove.Phase.Completed);
        assertThat(status.restore().services())
                .hasSize(2)
                .allSatisfy(service -> assertThat(service.rows()).isEqualTo(42));
        assertThat(client.batch().v1().jobs().inNamespace(namespace).list().getItems())
                .isEmpty();

        assertThatExceptionOfType(KubernetesClientException.class)
                .isThrownBy(() ->
                        patch("demo", "{\"database\": {\"embedded\": {\"restore\": {\"backup\": \"a/b/another\"}}}}"))
                .withMessageContaining("has data already");
        patch("demo", "{\"database\": {\"embedded\": {\"restore\": null}}}");
        awaitReady("demo");
        assertThat(jobs.names()).hasSize(2);
    }

    @Test
    void noServiceStartsBeforeTheBackupIsThere() {
        createReady("source", EMBEDDED);
        create("first", RESTORED);
        String user = awaitJob("first-restore-", "-user");
        awaitReady("first");
        jobs.fail(user.replace("first-", "demo-"), "There is no backup default/source/monday");

        create("demo", RESTORED);
        Condition ready =
                awaitCondition("demo", "Ready", condition -> condition.reason().equals("RestoreFailed"));

        assertThat(ready.message()).contains("There is no backup default/source/monday");
        assertThat(deployment("demo-user-service").get()).isNull();
        assertThat(get("demo").getStatus().database()).isNull();
        assertThat(events("demo")).anyMatch(event -> event.contains("RestoreFailed"));

        patch("demo", "{\"database\": {\"embedded\": {\"restore\": {\"backup\": \"default/source/tuesday\"}}}}");
        awaitReady("demo");
        assertThat(get("demo").getStatus().restore().phase()).isEqualTo(DataMove.Phase.Completed);
    }

    @Test
    void withoutTheKeysNothingIsRestored() {
        create("demo", RESTORED);
        Condition ready =
                awaitCondition("demo", "Ready", condition -> condition.reason().equals("RestoreKeysNotFound"));
        assertThat(ready.message()).contains("Secret source-keys", "keysSecretName");
        assertThat(jobs.names()).isEmpty();
        assertThat(secret("demo")).isNull();

        createReady("source", EMBEDDED);
        awaitReady("demo");
        assertThat(secret("demo").getData()).isEqualTo(secret("source").getData());
    }

    @Test
    void keysThatAreThereAreNotReplaced() {
        createReady("source", EMBEDDED);
        createReady("demo", EMBEDDED);
        client.resource(get("demo")).delete();
        // There is no garbage collector here.
        children("demo").stream()
                .filter(child -> !child.getKind().equals("Secret"))
                .forEach(child -> client.resource(child).delete());

        create("demo", RESTORED);
        Condition ready =
                awaitCondition("demo", "Ready", condition -> condition.reason().equals("RestoreKeysDiffer"));

        assertThat(ready.message()).contains("Secret demo-keys", "Secret source-keys");
        assertThat(jobs.names()).isEmpty();
    }

    @Test
    void theDataMovesToPostgresWhileNoServiceRuns() {
        createConnection();
        createReady("demo", EMBEDDED);
        awaitRevision("demo");
        workloads.hold("demo-task-service");

        patch("demo", TO_POSTGRES);
        awaitCondition(
                "demo",
                "Ready",
                condition -> condition.reason().equals("Migrating")
                        && condition.message().contains("Waits until the services have stopped"));
        assertThat(jobs.names()).isEmpty();
        workloads.release(namespace, "demo-task-service");
        String user = awaitJob("demo-copy-", "-user");
        awaitReady("demo");

        assertThat(jobs.names()).containsExactly(user, user.replaceAll("-user$", "-task"));
        TaskPlatformStatus status = get("demo").getStatus();
        assertThat(status.database()).isEqualTo(Database.Postgres);
        assertThat(status.migration().phase()).isEqualTo(DataMove.Phase.Completed);
        assertThat(status.migration().services()).hasSize(2);
        assertThat(deployment("demo-user-service").get().getSpec().getReplicas())
                .isEqualTo(2);
        assertThat(deployment("demo-user-service")
                        .get()
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getVolumes())
                .noneMatch(volume -> volume.getPersistentVolumeClaim() != null);
        assertThat(client.persistentVolumeClaims()
                        .inNamespace(namespace)
                        .withName("demo-user-service-data")
                        .get())
                .as("the old data stays")
                .isNotNull();
        awaitRevision("demo");
        assertThatExceptionOfType(KubernetesClientException.class)
                .isThrownBy(() -> patch("demo", TO_EMBEDDED))
                .withMessageContaining("no way back");

        // What ran before must not come back: its data is old.
        patch("demo", "{\"image\": {\"tag\": \"missing\"}, \"rollout\": {\"healthDeadline\": \"PT10S\"}}");
        await().atMost(SOON).until(() -> image("demo-user-service").endsWith(":missing"));
        workloads.exceedDeadline(namespace, "demo-user-service");
        awaitCondition("demo", "RolledBack", condition -> condition.status().equals("True"));
        awaitCondition("demo", "Progressing", condition -> condition.status().equals("False"));
        assertThat(deployment("demo-user-service")
                        .get()
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getVolumes())
                .noneMatch(volume -> volume.getPersistentVolumeClaim() != null);
    }

    @Test
    void aMoveThatCanNotBeDoneIsSaidAndCanBeGivenUp() {
        createConnection();
        createReady("demo", EMBEDDED);
        awaitRevision("demo");
        String revision = get("demo").getStatus().revision();
        String database = "postgres has rows of the user service already";
        createReady("probe", EMBEDDED);
        patch("probe", TO_POSTGRES);
        String probe = awaitJob("probe-copy-", "-user");
        awaitReady("probe");
        jobs.fail(probe.replace("probe-", "demo-"), database);

        patch("demo", TO_POSTGRES);
        Condition ready =
                awaitCondition("demo", "Ready", condition -> condition.reason().equals("MigrationFailed"));
        assertThat(ready.message()).contains(database, "services are stopped");

        patch("demo", TO_EMBEDDED);
        awaitReady("demo");
        TaskPlatformStatus status = get("demo").getStatus();
        assertThat(status.migration()).isNull();
        assertThat(status.database()).isEqualTo(Database.Embedded);
        assertThat(status.revision()).isEqualTo(revision);
        assertThat(jobs.names()).doesNotContain(probe.replace("probe-", "demo-").replaceAll("-user$", "-task"));
    }

    @Test
    void nothingStopsBeforeItIsKnownWhereTo() {
        createReady("demo", EMBEDDED);
        List<String> pods = podUids("user-service");

        patch("demo", TO_POSTGRES);
        awaitCondition("demo", "Ready", condition -> condition.reason().equals("DatabaseSecretNotFound"));
        assertThat(podUids("user-service")).isEqualTo(pods);
        assertThat(jobs.names()).isEmpty();

        createConnection();
        awaitReady("demo");
        assertThat(get("demo").getStatus().database()).isEqualTo(Database.Postgres);
    }

    private String awaitJob(String start, String end) {
        return await().atMost(SOON)
                .until(
                        () -> jobs.names().stream()
                                .filter(name -> name.startsWith(start) && name.endsWith(end))
                                .findFirst()
                                .orElse(null),
                        name -> name != null);
    }

    private Secret secret(String resource) {
        return client.secrets()
                .inNamespace(namespace)
                .withName(resource + "-keys")
                .get();
    }
}
