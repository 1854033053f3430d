// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.e2e;

import static dev.taskplatform.e2e.support.PlatformClient.TASK_SERVICE;
import static dev.taskplatform.e2e.support.PlatformClient.USER_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.taskplatform.e2e.support.Command;
import dev.taskplatform.e2e.support.Platform;
import dev.taskplatform.e2e.support.PlatformClient;
import dev.taskplatform.e2e.support.PlatformClient.Answer;
import dev.taskplatform.e2e.support.PostgresServer;
import dev.taskplatform.e2e.support.TestNamespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A platform on PostgreSQL: from a Secret that does not exist yet to three replicas that share one database. */
class PostgresIT {

    private static final String PASSWORD = "correct horse battery";
    private static final int ROUNDS = 9;

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    @RegisterExtension
    static final PostgresServer POSTGRES = new PostgresServer(NAMESPACE);

    @Test
    void waitsForItsSecretThenScalesOut() throws SQLException {
        Platform platform = new Platform(NAMESPACE, "scale").apply("""
                database:
                  postgres:
                    secretName: scale-db
                networkPolicy:
                  postgresPort: %s
                admin:
                  username: root
                  passwordSecretName: first-admin
                """.formatted(POSTGRES.port()));
        platform.awaitNotReady("scale-db");

        NAMESPACE
                .client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("first-admin")
                        .withNamespace(NAMESPACE.name())
                        .endMetadata()
                        .addToStringData("password", PASSWORD)
                        .build())
                .create();
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
        keysRotateWhileSessionsGoOn(platform);
        sessionsAreTheSameAtEveryPod(platform);
        anotherPasswordReachesThePods(platform);
    }

    private static void anotherPasswordReachesThePods(Platform platform) throws SQLException {
        List<String> before = uids(platform);

        POSTGRES.rotatePassword("scale-db");

        await("every pod is a new one")
                .atMost(Platform.PATIENCE)
                .untilAsserted(() -> assertThat(uids(platform)).hasSize(6).doesNotContainAnyElementsOf(before));
        platform.awaitReady();
        assertThat(platform.open()
                        .listTasks(platform.open().token("ada", PASSWORD))
                        .body())
                .contains("seen by all");
    }

    private static List<String> uids(Platform platform) {
        return Stream.of(USER_SERVICE, TASK_SERVICE)
                .flatMap(service -> platform.readyPods(service).stream())
                .map(pod -> pod.getMetadata().getUid())
                .toList();
    }

    private static void keysRotateWhileSessionsGoOn(Platform platform) {
        PlatformClient services = platform.open();
        List<Pod> pods = platform.readyPods(USER_SERVICE);
        Pod tasks = platform.readyPods(TASK_SERVICE).getFirst();
        String administrator = services.token("root", PASSWORD);
        Answer session = services.signIn("ada", PASSWORD);

        for (int round = 0; round < ROUNDS; round++) {
            if (round == ROUNDS / 3) {
                Answer rotated = services.post(pods.get(0), "/v1/admin/keys/rotation", administrator, Map.of());
                assertThat(rotated.status()).as(rotated.body()).isEqualTo(202);
            }
            session = refresh(services, pods.get(round % pods.size()), session);
            assertThat(session.status()).as(session.body()).isEqualTo(200);
            String token = session.json().get("access_token").toString();
            assertThat(services.get(pods.get((round + 1) % pods.size()), "/v1/users/me", token)
                            .status())
                    .isEqualTo(200);
            assertThat(services.get(tasks, "/v1/tasks", token).status()).isEqualTo(200);
        }
        for (Pod pod : pods) {
            await("the keys of both generations, two of each, are published by every pod")
                    .atMost(Platform.PATIENCE)
                    .untilAsserted(() -> assertThat(services.get(pod, "/.well-known/jwks.json", null)
                                    .json()
                                    .get("keys"))
                            .asInstanceOf(InstanceOfAssertFactories.LIST)
                            .hasSize(4));
        }
    }

    private static void sessionsAreTheSameAtEveryPod(Platform platform) {
        PlatformClient services = platform.open();
        List<Pod> pods = platform.readyPods(USER_SERVICE);
        Answer first =
                services.post(pods.get(0), "/v1/sessions", null, Map.of("username", "ada", "password", PASSWORD));
        assertThat(first.status()).as(first.body()).isEqualTo(201);

        Answer second = refresh(services, pods.get(1), first);
        assertThat(second.status()).as(second.body()).isEqualTo(200);

        String access = second.json().get("access_token").toString();
        assertThat(services.delete(pods.get(2), "/v1/sessions", access).status())
                .as("signed out everywhere")
                .isEqualTo(204);
        for (Pod pod : pods) {
            Answer refused = refresh(services, pod, second);
            assertThat(refused.status()).as(refused.body()).isEqualTo(400);
            assertThat(refused.json()).containsEntry("error", "invalid_grant");
        }
    }

    private static Answer refresh(PlatformClient services, Pod pod, Answer tokens) {
        return services.askForTokens(
                pod,
                Map.of(
                        "grant_type",
                        "refresh_token",
                        "client_id",
                        "taskplatform",
                        "refresh_token",
                        tokens.json().get("refresh_token").toString()));
    }
}
