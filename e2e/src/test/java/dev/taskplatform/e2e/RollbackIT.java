// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.e2e;

import static dev.taskplatform.e2e.support.PlatformClient.USER_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.taskplatform.e2e.support.Command;
import dev.taskplatform.e2e.support.Platform;
import dev.taskplatform.e2e.support.PlatformClient;
import dev.taskplatform.e2e.support.TestNamespace;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A change whose pods don't become healthy is taken back, with the pods' own words, and the platform goes on. */
class RollbackIT {

    private static final String SPEC = """
            rollout:
              healthDeadline: PT30S
            database:
              embedded: {}
            """;

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    private static Platform platform;
    private static PlatformClient services;

    @BeforeAll
    static void deploy() {
        platform = new Platform(NAMESPACE, "steady").apply(SPEC).awaitReady();
        services = platform.open();
        services.register("ada", "correct horse battery");
    }

    @Test
    void anImageThatIsNotThere() {
        platform.apply(SPEC + """
                image:
                  tag: does-not-exist
                """);

        awaitRolledBack("ImagePullFailed", "does-not-exist");
    }

    @Test
    void aSettingThatTheServiceRefuses() {
        platform.apply(SPEC + """
                userService:
                  env:
                    - name: DATABASE_KIND
                      value: flat-file
                """);

        awaitRolledBack("CrashLoop", "database.kind: must be 'embedded' or 'postgres', but is 'flat-file'");
    }

    private static void awaitRolledBack(String reason, String words) {
        await("the change is taken back")
                .atMost(Platform.PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> {
                    assertThat(platform.condition("RolledBack"))
                            .containsEntry("status", "True")
                            .containsEntry("reason", reason);
                    assertThat(platform.condition("RolledBack").get("message")).contains(words);
                    assertThat(platform.readyPods(USER_SERVICE)).hasSize(1);
                });
        assertThat(platform.condition("Ready")).containsEntry("reason", "RolledBack");
        assertThat(services.token("ada", "correct horse battery")).isNotBlank();
        assertThat(Command.run(
                                "kubectl",
                                "-n",
                                NAMESPACE.name(),
                                "get",
                                "events",
                                "--field-selector=involvedObject.name=steady",
                                "-o",
                                "jsonpath={.items[*].reason}")
                        .succeeded())
                .contains("RollingBack", "RestartingPods");

        platform.apply(SPEC).awaitReady();
        assertThat(platform.condition("RolledBack")).containsEntry("status", "False");
    }
}
