// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.taskplatform.e2e.support.Command;
import dev.taskplatform.e2e.support.Platform;
import dev.taskplatform.e2e.support.TestNamespace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a deleted TaskPlatform leaves behind: nothing, or its data where the policy says so. */
class DeletionIT {

    private static final String PASSWORD = "correct horse battery";

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    @Test
    void removesEverythingWithDeletionPolicyDelete() {
        Platform platform = new Platform(NAMESPACE, "gone").apply("""
                deletionPolicy: Delete
                database:
                  embedded: {}
                """).awaitReady();

        platform.delete();

        awaitLeftOf("gone", "");
    }

    @Test
    void keepsTheDataByDefaultAndTakesItUpAgain() {
        String spec = """
                database:
                  embedded: {}
                """;
        Platform platform = new Platform(NAMESPACE, "kept").apply(spec).awaitReady();
        platform.open().register("ada", PASSWORD);
        platform.open().createTask(platform.open().token("ada", PASSWORD), "still here");

        platform.delete();
        awaitLeftOf("kept", """
                persistentvolumeclaim/kept-task-service-data
                persistentvolumeclaim/kept-user-service-data
                secret/kept-keys
                """);

        platform.apply(spec).awaitReady();
        assertThat(platform.open()
                        .listTasks(platform.open().token("ada", PASSWORD))
                        .body())
                .contains("still here");
    }

    private static void awaitLeftOf(String name, String expected) {
        await("what is left of " + name)
                .atMost(Platform.PATIENCE)
                .untilAsserted(() -> assertThat(Command.run(
                                        "kubectl",
                                        "-n",
                                        NAMESPACE.name(),
                                        "get",
                                        "deployments,replicasets,pods,services,configmaps,secrets,serviceaccounts,persistentvolumeclaims,networkpolicies,poddisruptionbudgets",
                                        "-l",
                                        "app.kubernetes.io/instance=" + name,
                                        "-o",
                                        "name",
                                        "--sort-by=.metadata.name")
                                .succeeded()
                                .lines()
                                .filter(line -> line.contains("/"))
                                .map(line -> line.replaceFirst("\\.[a-z.]+/", "/"))
                                .sorted()
                                .toList())
                        .isEqualTo(expected.lines().toList()));
    }
}
