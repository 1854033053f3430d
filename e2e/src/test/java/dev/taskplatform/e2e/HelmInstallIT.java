// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.e2e.support.Command;
import dev.taskplatform.e2e.support.Environment;
import dev.taskplatform.e2e.support.TestNamespace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The chart stands on its own: installed, tested, upgraded and removed without the operator. */
class HelmInstallIT {

    private static final String CHART = "../helm/taskplatform";

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    @Test
    void installsTestsUpgradesAndUninstalls() {
        String notes = upgrade();
        assertThat(notes).contains("helm test");

        helm("test", "alone", "--timeout", "4m");
        String keys = keys();

        upgrade("--set", "userService.config.logLevel=DEBUG");
        helm("test", "alone", "--timeout", "4m");
        assertThat(keys()).as("the encryption key stays over an upgrade").isEqualTo(keys);

        helm("uninstall", "alone", "--wait");
        assertThat(keys()).as("what encrypts the data is kept with it").isEqualTo(keys);
    }

    private static String upgrade(String... options) {
        Environment environment = Environment.current();
        String[] words = {
            "upgrade",
            "--install",
            "alone",
            CHART,
            "--wait",
            "--timeout",
            "4m",
            "--set-string",
            "image.registry=" + environment.registry(),
            "--set-string",
            "userService.image.tag=" + tag(environment.userServiceImage()),
            "--set-string",
            "taskService.image.tag=" + tag(environment.taskServiceImage())
        };
        String[] all = new String[words.length + options.length];
        System.arraycopy(words, 0, all, 0, words.length);
        System.arraycopy(options, 0, all, words.length, options.length);
        return helm(all);
    }

    private static String tag(String reference) {
        return reference.substring(reference.indexOf(':', reference.lastIndexOf('/')) + 1);
    }

    private static String keys() {
        return Command.run(
                        "kubectl",
                        "-n",
                        NAMESPACE.name(),
                        "get",
                        "secret",
                        "alone-keys",
                        "-o",
                        "jsonpath={.data.encryption-key}")
                .succeeded();
    }

    private static String helm(String... words) {
        String[] all = new String[words.length + 3];
        all[0] = "helm";
        all[1] = "--namespace";
        all[2] = NAMESPACE.name();
        System.arraycopy(words, 0, all, 3, words.length);
        return Command.run(all).succeeded();
    }
}
