// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.e2e;

import static dev.taskplatform.e2e.support.PlatformClient.TASK_SERVICE;
import static dev.taskplatform.e2e.support.PlatformClient.USER_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.taskplatform.e2e.support.Command;
import dev.taskplatform.e2e.support.Platform;
import dev.taskplatform.e2e.support.PostgresServer;
import dev.taskplatform.e2e.support.TestNamespace;
import io.fabric8.kubernetes.api.model.Pod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A platform on PostgreSQL: from a Secret that does not exist yet to three replicas that share one database. */
class PostgresIT {

    private static final String PASSWORD = "correct horse battery";

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    @RegisterExtension
    static final PostgresServer POSTGRES = new PostgresServer(NAMESPACE);

    @Test
    void waitsForItsSecretThenScalesOut() {
        Platform platform = new Platform(NAMESPACE, "scale").apply("""
                database:
                  postgres:
                    secretName: scale-db
                networkPolicy:
                  postgresPort: %s
                """.formatted(POSTGRES.port()));
        platform.awaitNotReady("scale-db");

        POSTGRES.createSecret("scale-db");
        platform.awaitReady();
        platform.open().register("ada", PASSWORD);
        String token = platform.open().token("ada", PASSWORD);
        platform.open().createTask(token, "seen by all");

        Command.run("kubectl", "-n", NAMESPACE.name(), "scale", "taskplatform/scale", "--replicas=3")
                .succeeded();
        await("three pods of each service").atMost(Platform.PATIENCE).untilAsserted(() -> {
            assertThat(platform.readyPods(USER_SERVICE)).hasSize(3);
            assertThat(platform.readyPods(TASK_SERVICE)).hasSize(3);
        });
        platform.awaitReady();
        for (Pod pod : platform.readyPods(TASK_SERVICE)) {
            assertThat(platform.open().get(pod, "/v1/tasks", token).body()).contains("seen by all");
        }
        for (Pod pod : platform.readyPods(USER_SERVICE)) {
            assertThat(platform.open().get(pod, "/v1/users/me", token).body()).contains("ada");
        }
    }
}
