// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.e2e;

import dev.taskplatform.e2e.support.Command;
import dev.taskplatform.e2e.support.Platform;
import dev.taskplatform.e2e.support.TestNamespace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Faults of the surroundings are said in the status, and healed when they are mended, with no restart of the operator. */
class FaultIT {

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    @Test
    void saysThatAnImageCannotBePulledAndHealsWhenItCan() {
        Platform platform = new Platform(NAMESPACE, "image").apply("""
                image:
                  tag: does-not-exist
                database:
                  embedded: {}
                """);
        platform.awaitNotReady("does-not-exist");

        platform.apply("""
                database:
                  embedded: {}
                """).awaitReady();
    }

    @Test
    void convergesWhenTheOperatorDiesInTheMiddle() {
        Platform platform = new Platform(NAMESPACE, "orphan").apply("""
                database:
                  embedded: {}
                """);

        Command.run(
                        "kubectl",
                        "-n",
                        "taskplatform-system",
                        "delete",
                        "pods",
                        "--selector=app.kubernetes.io/name=taskplatform-operator",
                        "--grace-period=0",
                        "--force")
                .succeeded();

        platform.awaitReady();
    }
}
