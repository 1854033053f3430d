// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.e2e;

import static dev.taskplatform.e2e.support.PlatformClient.TASK_SERVICE;
import static dev.taskplatform.e2e.support.PlatformClient.USER_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.taskplatform.e2e.support.Command;
import dev.taskplatform.e2e.support.Platform;
import dev.taskplatform.e2e.support.PlatformClient;
import dev.taskplatform.e2e.support.PlatformClient.Answer;
import dev.taskplatform.e2e.support.SmokePod;
import dev.taskplatform.e2e.support.TestNamespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The life of one TaskPlatform on embedded storage: it works, mends itself, takes changes and refuses bad ones. */
class LifecycleIT {

    private static final String SPEC = """
            database:
              embedded: {}
            """;

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    private static Platform platform;
    private static PlatformClient services;

    @BeforeAll
    static void deploy() {
        platform = new Platform(NAMESPACE, "life").apply(SPEC).awaitReady();
        services = platform.open();
    }

    @Test
    void servesAccountsAndTasksToAPodInTheCluster() {
        String said = new SmokePod(NAMESPACE)
                .run("http://life-user-service." + NAMESPACE.name(), "http://life-task-service." + NAMESPACE.name());

        assertThat(said).isNotBlank();
    }

    @Test
    void readsWellInKubectlGet() {
        String table =
                Command.run("kubectl", "-n", NAMESPACE.name(), "get", "tp").succeeded();

        assertThat(table.lines().findFirst().orElseThrow().split("\\s+"))
                .containsExactly("NAME", "READY", "REASON", "REPLICAS", "VERSION", "AGE");
        assertThat(table).containsPattern("life +True +\\S+ +1 +\\S+");
    }

    @ParameterizedTest
    @ValueSource(strings = {USER_SERVICE, TASK_SERVICE})
    void keepsWhatWasStoredWhenAPodIsDeleted(String service) {
        String username = "keeper-of-" + service;
        services.register(username, "correct horse battery");
        services.createTask(services.token(username, "correct horse battery"), "survive");
        Pod before = platform.readyPods(service).getFirst();

        NAMESPACE.client().resource(before).delete();

        awaitOtherPod(service, before);
        assertThat(services.listTasks(services.token(username, "correct horse battery"))
                        .body())
                .contains("survive");
    }

    @ParameterizedTest
    @ValueSource(strings = {"deployment/life-task-service", "service/life-task-service", "configmap/life-user-service"})
    void bringsBackAChildThatWasDeleted(String child) {
        String before = uid(child);

        Command.run("kubectl", "-n", NAMESPACE.name(), "delete", child, "--wait=false")
                .succeeded();

        await(child + " is back")
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(uid(child)).isNotBlank().isNotEqualTo(before));
        platform.awaitReady();
    }

    @Test
    void undoesAForeignEdit() {
        Command.run(
                        "kubectl",
                        "-n",
                        NAMESPACE.name(),
                        "patch",
                        "service/life-user-service",
                        "--type=merge",
                        "-p",
                        "{\"spec\":{\"selector\":{\"app.kubernetes.io/name\":\"nobody\"}}}")
                .succeeded();

        await("the selector is repaired")
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(Command.run(
                                        "kubectl",
                                        "-n",
                                        NAMESPACE.name(),
                                        "get",
                                        "service/life-user-service",
                                        "-o",
                                        "jsonpath={.spec.selector}")
                                .succeeded())
                        .contains("user-service")
                        .doesNotContain("nobody"));
    }

    @Test
    void refusesSeveralReplicasOnEmbeddedStorage() {
        assertThatThrownBy(() -> platform.apply("""
                replicas: 3
                database:
                  embedded: {}
                """))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("postgres");
    }

    @Test
    void letsConfigurationTakeEffectOnRunningPods() {
        Pod user = platform.readyPods(USER_SERVICE).getFirst();
        Pod task = platform.readyPods(TASK_SERVICE).getFirst();
        try {
            platform.apply(SPEC + """
                    compatibility:
                      simpleApi: true
                    """);
            awaitOtherPod(USER_SERVICE, user);
            awaitOtherPod(TASK_SERVICE, task);

            servesTheArticlesClient();
        } finally {
            platform.apply(SPEC).awaitReady();
        }
        await("the simple API is off again")
                .atMost(Platform.PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(services.get(TASK_SERVICE, "/tasks/bob?password=secret", null)
                                .status())
                        .isEqualTo(404));
    }

    /** Every call, body and status of the article that the system comes from (design section 4). */
    private static void servesTheArticlesClient() {
        Map<String, Object> bob = Map.of("username", "bob", "password", "secret");
        Map<String, Object> task = Map.of("title", "Read", "description", "a book", "username", "bob");

        assertAnswer(
                services.post(USER_SERVICE, "/register", null, bob),
                200,
                Map.of("message", "User registered successfully"));
        assertAnswer(services.post(USER_SERVICE, "/register", null, bob), 400, Map.of("detail", "User already exists"));
        assertAnswer(services.post(USER_SERVICE, "/login", null, bob), 200, Map.of("message", "Login successful"));
        assertAnswer(
                services.post(USER_SERVICE, "/login", null, Map.of("username", "bob", "password", "wrong")),
                401,
                Map.of("detail", "Invalid credentials"));
        assertAnswer(
                services.post(TASK_SERVICE, "/tasks?password=secret", null, task),
                200,
                Map.of("message", "Task created"));
        assertAnswer(
                services.post(TASK_SERVICE, "/tasks?password=wrong", null, task),
                401,
                Map.of("detail", "Authentication failed"));
        assertAnswer(
                services.get(TASK_SERVICE, "/tasks/bob?password=wrong", null),
                401,
                Map.of("detail", "Authentication failed"));
        Answer list = services.get(TASK_SERVICE, "/tasks/bob?password=secret", null);
        assertThat(list.status()).isEqualTo(200);
        assertThat(list.list()).isEqualTo(List.of(task));
    }

    private static void assertAnswer(Answer answer, int status, Map<String, Object> members) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.json()).containsAllEntriesOf(members);
    }

    private static String uid(String child) {
        return Command.run(
                        "kubectl",
                        "-n",
                        NAMESPACE.name(),
                        "get",
                        child,
                        "--ignore-not-found",
                        "-o",
                        "jsonpath={.metadata.uid}")
                .succeeded();
    }

    private static void awaitOtherPod(String service, Pod before) {
        await("another pod of " + service + " is ready")
                .atMost(Platform.PATIENCE)
                .until(() -> platform.readyPods(service).stream()
                        .anyMatch(pod -> !pod.getMetadata()
                                .getUid()
                                .equals(before.getMetadata().getUid())));
        platform.awaitReady();
    }
}
