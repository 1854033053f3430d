// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.e2e.support;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A namespace for one test class, under the restricted Pod Security Standard, removed afterwards. When a test fails, the
 * state of the namespace and the operator's log are printed before they are gone.
 */
public final class TestNamespace implements BeforeAllCallback, AfterTestExecutionCallback, AfterAllCallback {

    private static final String OPERATOR_NAMESPACE = "taskplatform-system";

    private final String name =
            "e2e-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    private KubernetesClient client;

    @Override
    public void beforeAll(ExtensionContext context) {
        client = new KubernetesClientBuilder().build();
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                        .endMetadata()
                        .build())
                .create();
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        context.getExecutionException().ifPresent(ignored -> describe());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        client.namespaces().withName(name).delete();
        Awaitility.await("namespace " + name + " is gone")
                .atMost(Duration.ofMinutes(2))
                .until(() -> client.namespaces().withName(name).get() == null);
        client.close();
    }

    public String name() {
        return name;
    }

    public KubernetesClient client() {
        return client;
    }

    private void describe() {
        System.out.println("--- " + name);
        System.out.println(Command.run("kubectl", "-n", name, "get", "all,pvc,taskplatforms", "-o", "wide")
                .output());
        System.out.println(Command.run("kubectl", "-n", name, "describe", "taskplatforms,pods")
                .output());
        System.out.println(Command.run(
                        "kubectl", "-n", OPERATOR_NAMESPACE, "logs", "deployment/taskplatform-operator", "--tail=200")
                .output());
    }
}
