// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.taskplatform.e2e.support.Platform;
import dev.taskplatform.e2e.support.PlatformClient;
import dev.taskplatform.e2e.support.PostgresServer;
import dev.taskplatform.e2e.support.TestNamespace;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a platform keeps survives: a backup becomes another platform, which then moves to PostgreSQL. */
class DataIT {

    private static final String PASSWORD = "correct horse battery";
    private static final String API = "taskplatform.dev/v1alpha1";

    private static final String STORE = """
            backup:
              persistentVolumeClaim:
                claimName: backups
            """;

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    @RegisterExtension
    static final PostgresServer POSTGRES = new PostgresServer(NAMESPACE);

    @Test
    void aBackupBecomesAnotherPlatformWhichMovesToPostgres() {
        NAMESPACE
                .client()
                .resource(Serialization.unmarshal("""
                        apiVersion: v1
                        kind: PersistentVolumeClaim
                        metadata: {name: backups, namespace: %s}
                        spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
                        """.formatted(NAMESPACE.name()), PersistentVolumeClaim.class))
                .create();
        PlatformClient origin = new Platform(NAMESPACE, "origin")
                .apply(STORE + "database: {embedded: {}}\n")
                .awaitReady()
                .open();
        origin.register("ada", PASSWORD);
        origin.createTask(origin.token("ada", PASSWORD), "before the backup");

        Map<String, Object> backup = backup("monday");
        assertThat(backup.get("path")).isEqualTo(NAMESPACE.name() + "/origin/monday");
        origin.createTask(origin.token("ada", PASSWORD), "after the backup");

        Platform second = new Platform(NAMESPACE, "second")
                .apply(STORE + "database: {embedded: {restore: {backup: %s}}}\n".formatted(backup.get("path")))
                .awaitReady();
        assertHasWhatWasBackedUp(second.open());

        POSTGRES.createSecret("second-db");
        second.apply(STORE + """
                        database: {postgres: {secretName: second-db}}
                        networkPolicy: {postgresPort: %s}
                        """.formatted(POSTGRES.port())).awaitReady();
        assertHasWhatWasBackedUp(second.open());
        assertThat(find("TaskPlatform", "second").<String>get("status", "database"))
                .isEqualTo("Postgres");
        assertThat(origin.listTasks(origin.token("ada", PASSWORD)).body())
                .contains("before the backup", "after the backup");
    }

    private static void assertHasWhatWasBackedUp(PlatformClient services) {
        assertThat(services.listTasks(services.token("ada", PASSWORD)).body())
                .contains("before the backup")
                .doesNotContain("after the backup");
    }

    private static Map<String, Object> backup(String name) {
        NAMESPACE
                .client()
                .resource(Serialization.unmarshal(
                        """
                        apiVersion: %s
                        kind: TaskPlatformBackup
                        metadata: {name: %s, namespace: %s}
                        spec: {taskPlatformName: origin}
                        """.formatted(API, name, NAMESPACE.name()), GenericKubernetesResource.class))
                .create();
        await("the backup is made")
                .atMost(Platform.PATIENCE)
                .untilAsserted(() -> assertThat(find("TaskPlatformBackup", name).<Map<String, Object>>get("status"))
                        .containsEntry("phase", "Completed"));
        return find("TaskPlatformBackup", name).get("status");
    }

    private static GenericKubernetesResource find(String kind, String name) {
        return NAMESPACE
                .client()
                .genericKubernetesResources(API, kind)
                .inNamespace(NAMESPACE.name())
                .withName(name)
                .get();
    }
}
