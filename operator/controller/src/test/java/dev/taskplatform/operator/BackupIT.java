// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.taskplatform.operator.api.DataResult;
import dev.taskplatform.operator.api.TaskPlatformBackup;
import dev.taskplatform.operator.api.TaskPlatformBackupSpec;
import dev.taskplatform.operator.api.TaskPlatformBackupStatus;
import dev.taskplatform.operator.api.TaskPlatformBackupStatus.Phase;
import dev.taskplatform.operator.api.TaskPlatformStatus.BackupStatus;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Backups on demand and on schedule. */
class BackupIT extends OnKubeApi {

    private static final String WITH_STORE =
            "{database: {embedded: {}}, backup: {persistentVolumeClaim: {claimName: backups}}}";

    private FakeJobs jobs;

    BackupIT(KubeApi.Server api) {
        super(api);
    }

    @BeforeEach
    void startJobs() {
        jobs = new FakeJobs(client, namespace);
    }

    @AfterEach
    void stopJobs() {
        jobs.close();
        client.resources(TaskPlatformBackup.class).inNamespace(namespace).delete();
    }

    @Test
    void isMadeOfBothServicesAndLeavesNothingBehind() {
        createReady("demo", WITH_STORE);
        List<String> pods = podUids("user-service");

        backup("monday");
        TaskPlatformBackupStatus status = awaitPhase("monday", Phase.Completed);

        assertThat(status.path()).isEqualTo(namespace + "/demo/monday");
        assertThat(status.startedAt()).isNotNull();
        assertThat(status.completedAt()).isNotNull();
        assertThat(status.services())
                .containsExactly(
                        new DataResult("task-service", 42L, 3, 4096L, "abc", "7"),
                        new DataResult("user-service", 42L, 3, 4096L, "abc", "7"));
        assertThat(jobs.names()).as("what refers first").containsExactly("monday-task", "monday-user");
        assertThat(jobs.seen()).allSatisfy(job -> {
            assertThat(job.getSpec().getTemplate().getSpec().getAffinity().getPodAffinity())
                    .as("the volume is where the service is")
                    .isNotNull();
            assertThat(variables(job))
                    .containsEntry("BACKUP_PREFIX", namespace + "/demo")
                    .containsEntry("BACKUP_NAME", "monday")
                    .containsEntry("BACKUP_DIRECTORY", "/backup")
                    .doesNotContainKey("BACKUP_KEEP");
            assertThat(job.getMetadata().getOwnerReferences())
                    .singleElement()
                    .satisfies(owner -> assertThat(owner.getName()).isEqualTo("monday"));
        });
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(client.batch()
                                .v1()
                                .jobs()
                                .inNamespace(namespace)
                                .list()
                                .getItems())
                        .isEmpty());
        assertThat(client.network()
                        .v1()
                        .networkPolicies()
                        .inNamespace(namespace)
                        .withName("monday")
                        .get())
                .isNull();
        awaitBackup(BackupStatus::lastPath, namespace + "/demo/monday");
        assertThat(podUids("user-service")).isEqualTo(pods);
    }

    @Test
    void saysWhyItWasNotMadeAndIsNotTriedAgain() {
        createReady("demo", WITH_STORE);
        jobs.fail("bad-user", "No space is left in the volume of backups");

        backup("bad");
        TaskPlatformBackupStatus status = awaitPhase("bad", Phase.Failed);

        assertThat(status.message()).isEqualTo("user-service: No space is left in the volume of backups");
        assertThat(status.path()).isNull();
        jobs.heal("bad-user");
        backup("good");
        awaitPhase("good", Phase.Completed);
        assertThat(find("bad").getStatus().phase()).isEqualTo(Phase.Failed);
        awaitBackup(BackupStatus::lastPath, namespace + "/demo/good");
    }

    @Test
    void waitsForWhatItIsOf() {
        backup("early");
        assertThat(awaitPhase("early", Phase.Pending).message()).contains("no TaskPlatform demo", "create it");

        createReady("demo", WITH_STORE);

        awaitPhase("early", Phase.Completed);
    }

    @Test
    void saysWhatItCanNotBackUp() {
        createConnection();
        createReady("demo", POSTGRES);
        backup("of-postgres");
        assertThat(awaitPhase("of-postgres", Phase.Failed).message()).contains("PostgreSQL", "own tools");

        createReady("other", EMBEDDED);
        backup("nowhere", "other");
        assertThat(awaitPhase("nowhere", Phase.Failed).message()).contains("spec.backup.persistentVolumeClaim");
        assertThat(jobs.names()).isEmpty();
    }

    @Test
    void isMadeOneAtATime() {
        createReady("demo", WITH_STORE);
        jobs.hold("first-task");
        backup("first");
        awaitPhase("first", Phase.Running);
        assertThat(client.network()
                        .v1()
                        .networkPolicies()
                        .inNamespace(namespace)
                        .withName("first")
                        .get())
                .as("its pods have a policy of their own")
                .isNotNull();

        backup("second");
        assertThat(awaitPhase("second", Phase.Pending).message()).contains("first");
        jobs.release("first-task");

        awaitPhase("first", Phase.Completed);
        awaitPhase("second", Phase.Completed);
        assertThat(jobs.names()).containsExactly("first-task", "first-user", "second-task", "second-user");
    }

    @Test
    void canNotBeChanged() {
        backup("fixed");
        assertThatExceptionOfType(KubernetesClientException.class)
                .isThrownBy(() -> client.resources(TaskPlatformBackup.class)
                        .inNamespace(namespace)
                        .withName("fixed")
                        .patch(
                                PatchContext.of(PatchType.JSON_MERGE),
                                "{\"spec\": {\"taskPlatformName\": \"another\"}}"))
                .withMessageContaining("make another TaskPlatformBackup");
    }

    @Test
    void isMadeWhenItIsDueAndOldOnesGo() {
        createReady("demo", WITH_STORE);
        operator.close();
        List.of("demo-202602260200", "demo-202602270200", "demo-202602280200").forEach(this::oldScheduled);
        backup("by-hand");

        operatorAt(Instant.parse("2026-03-01T01:59:50Z"));
        patch("demo", """
                {"backup": {"schedule": "0 3 * * *", "timeZone": "Europe/Berlin", "keep": 2, "persistentVolumeClaim": null,
                 "s3": {"endpoint": "https://s3.example.com", "bucket": "backups", "credentialsSecretName": "s3"}}}""");
        awaitBackup(BackupStatus::nextAt, "2026-03-01T02:00:00Z");
        TaskPlatformBackupStatus made = awaitPhase("demo-202603010200", Phase.Completed);

        assertThat(made.path()).isEqualTo(namespace + "/demo/scheduled/demo-202603010200");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                client
                                        .resources(TaskPlatformBackup.class)
                                        .inNamespace(namespace)
                                        .list()
                                        .getItems()
                                        .stream()
                                        .map(found -> found.getMetadata().getName()))
                        .containsExactlyInAnyOrder("by-hand", "demo-202602280200", "demo-202603010200"));
        assertThat(variables(jobs.seen().getLast()))
                .containsEntry("BACKUP_KEEP", "2")
                .containsEntry("BACKUP_PREFIX", namespace + "/demo/scheduled")
                .containsEntry("BACKUP_S3_BUCKET", "backups");
        awaitBackup(BackupStatus::nextAt, "2026-03-02T02:00:00Z");

        // Days later the operator comes back: the last that was missed is made.
        operator.close();
        operatorAt(Instant.parse("2026-03-05T12:00:00Z"));
        awaitPhase("demo-202603050200", Phase.Completed);
        assertThat(get("demo").getStatus().warnings()).isNull();
    }

    @Test
    void warnsOfAScheduleThatCanNotBeKept() {
        createReady("demo", """
                {database: {embedded: {}}, backup: {schedule: "0 25 * * *",
                 persistentVolumeClaim: {claimName: backups}}}""");
        assertThat(get("demo").getStatus().warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning).contains("spec.backup.schedule", "25"));
    }

    private void operatorAt(Instant time) {
        Clock clock = Clock.offset(Clock.systemUTC(), Duration.between(Instant.now(), time));
        operator = new RunningOperator(api.operatorConfig(), namespace, Map.of(), builder -> {}, clock);
    }

    private void backup(String name) {
        backup(name, "demo");
    }

    private TaskPlatformBackup backup(String name, String resource) {
        return client.resource(backupOf(name, resource)).create();
    }

    private TaskPlatformBackup backupOf(String name, String resource) {
        var backup = new TaskPlatformBackup();
        backup.setMetadata(
                new ObjectMetaBuilder().withName(name).withNamespace(namespace).build());
        backup.setSpec(new TaskPlatformBackupSpec(resource));
        return backup;
    }

    private void oldScheduled(String name) {
        TaskPlatformBackup backup = backupOf(name, "demo");
        backup.getMetadata().setLabels(Map.of("taskplatform.dev/scheduled", "true"));
        TaskPlatformBackup made = client.resource(backup).create();
        made.setStatus(new TaskPlatformBackupStatus(
                Phase.Completed, null, "2026-02-26T02:00:00Z", "2026-02-26T02:00:05Z", "old/" + name + "/x", null));
        client.resource(made).updateStatus();
    }

    private void awaitBackup(Function<BackupStatus, String> field, String value) {
        await().atMost(SOON)
                .until(() -> Optional.ofNullable(get("demo").getStatus().backup())
                        .map(field)
                        .equals(Optional.of(value)));
    }

    private TaskPlatformBackup find(String name) {
        return client.resources(TaskPlatformBackup.class)
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    private TaskPlatformBackupStatus awaitPhase(String name, Phase phase) {
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(find(name)).as(name).isNotNull();
            TaskPlatformBackupStatus status = find(name).getStatus();
            assertThat(status).isNotNull();
            assertThat(status.phase()).as(status.toString()).isEqualTo(phase);
        });
        return find(name).getStatus();
    }

    private static Map<String, String> variables(Job job) {
        return job.getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv().stream()
                .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
    }
}
