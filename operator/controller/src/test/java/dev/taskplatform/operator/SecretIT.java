// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Secret with the connection to the database is the user's, and what happens to it has its consequences at once. */
class SecretIT extends OnKubeApi {

    private static final String CREDENTIALS = "taskplatform.dev/database-credentials";

    SecretIT(KubeApi.Server api) {
        super(api);
    }

    @Test
    void anotherPasswordRestartsThePodsOneServiceAfterTheOther() {
        createConnection();
        createReady("demo", POSTGRES);
        awaitRevision("demo");
        List<String> users = podUids("user-service");
        List<String> tasks = podUids("task-service");
        workloads.hold("demo-user-service");

        edit(secret -> data(secret, "password", "bmV3"));

        // By the event, sooner than anything is looked at again.
        await().atMost(Duration.ofSeconds(3))
                .untilAsserted(() -> assertThat(podUids("user-service")).hasSize(4));
        lookAgain("demo");
        assertThat(podUids("task-service")).as("waits for its turn").isEqualTo(tasks);

        workloads.release(namespace, "demo-user-service");
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(podUids("task-service")).hasSize(2).doesNotContainAnyElementsOf(tasks));
        awaitReady("demo");
        assertThat(podUids("user-service")).hasSize(2).doesNotContainAnyElementsOf(users);
        assertThat(events("demo"))
                .contains(
                        "Normal RestartingPods: user-service: the connection in the database's Secret",
                        "Normal RestartingPods: task-service: the connection in the database's Secret");
    }

    @Test
    void whatIsNotTheConnectionRestartsNothing() {
        createConnection();
        createReady("demo", POSTGRES);
        List<String> users = podUids("user-service");
        long before = operator.reconciliations();

        edit(secret -> {
            secret.getMetadata().setLabels(Map.of("rotated", "never"));
            return data(secret, "pgpass", "eA==");
        });
        await().atMost(SOON).until(() -> operator.reconciliations() > before);
        lookAgain("demo");

        assertThat(podUids("user-service")).isEqualTo(users);
    }

    @Test
    void thePodsShowNothingThatAPasswordCouldBeTriedOn() {
        createConnection();
        createReady("demo", POSTGRES);
        createReady("other", POSTGRES);

        assertThat(digest("demo")).hasSize(32).isNotEqualTo(digest("other"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # key    | value, base64 | reason                   | what the message says
            port     | NzAwMDA=      | DatabaseSecretInvalid    | the value of key port is no port number, 1 to 65535
            port     | ZGI=          | DatabaseSecretInvalid    | the value of key port is no port number, 1 to 65535
            host     | IA==          | DatabaseSecretInvalid    | the value of key host is empty
            password |               | DatabaseSecretIncomplete | has no key password
            """)
    void aWrongSecretIsSaidAndHealsWhenItChanges(String key, String value, String reason, String message) {
        createConnection();
        createReady("demo", POSTGRES);
        List<String> users = podUids("user-service");
        String right = client.secrets()
                .inNamespace(namespace)
                .withName("db")
                .get()
                .getData()
                .get(key);

        edit(secret -> data(secret, key, value));
        var ready =
                awaitCondition("demo", "Ready", condition -> condition.reason().equals(reason));
        assertThat(ready.message()).contains("Secret db in namespace " + namespace, message);
        assertThat(events("demo")).anyMatch(event -> event.startsWith("Warning " + reason + ": "));
        assertThat(podUids("user-service")).as("what runs goes on").isEqualTo(users);

        edit(secret -> data(secret, key, right));
        awaitReady("demo");
        assertThat(podUids("user-service")).as("nothing has changed in the end").isEqualTo(users);
    }

    private static Secret data(Secret secret, String key, String value) {
        if (value == null) {
            secret.getData().remove(key);
        } else {
            secret.getData().put(key, value);
        }
        return secret;
    }

    private void edit(UnaryOperator<Secret> change) {
        client.secrets().inNamespace(namespace).withName("db").edit(change);
    }

    private String digest(String name) {
        return client
                .pods()
                .inNamespace(namespace)
                .withLabel("app.kubernetes.io/instance", name)
                .list()
                .getItems()
                .stream()
                .map(Pod::getMetadata)
                .map(metadata -> metadata.getAnnotations().get(CREDENTIALS))
                .distinct()
                .reduce((one, another) -> one + " and " + another)
                .orElseThrow();
    }
}
