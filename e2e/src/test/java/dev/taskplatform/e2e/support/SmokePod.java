// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.e2e.support;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The smoke client of the service kit, run once in a pod beside the platform: what another team's service would see. */
public final class SmokePod {

    private final KubernetesClient client;
    private final String namespace;

    public SmokePod(TestNamespace namespace) {
        this.client = namespace.client();
        this.namespace = namespace.name();
    }

    /**
     * Runs to the end.
     *
     * @return what the client printed
     * @throws AssertionError when one of its steps failed
     */
    public String run(String userServiceUrl, String taskServiceUrl) {
        Pod pod = client.pods()
                .inNamespace(namespace)
                .resource(pod(userServiceUrl, taskServiceUrl))
                .create();
        var resource =
                client.pods().inNamespace(namespace).withName(pod.getMetadata().getName());
        Pod ended = resource.waitUntilCondition(
                now -> now != null
                        && Set.of("Succeeded", "Failed")
                                .contains(now.getStatus().getPhase()),
                Platform.PATIENCE.toSeconds(),
                TimeUnit.SECONDS);
        String said = resource.getLog();
        resource.delete();
        if (!ended.getStatus().getPhase().equals("Succeeded")) {
            throw new AssertionError("the smoke client failed:\n" + said);
        }
        return said;
    }

    private static Pod pod(String userServiceUrl, String taskServiceUrl) {
        return new PodBuilder()
                .withNewMetadata()
                .withGenerateName("smoke-")
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy("Never")
                .withAutomountServiceAccountToken(false)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .addNewContainer()
                .withName("smoke")
                .withImage(Environment.current().taskServiceImage())
                .withCommand("java", "-cp", "@/app/jib-classpath-file", "dev.taskplatform.kit.smoke.SmokeTest")
                .addNewEnv()
                .withName("USER_SERVICE_URL")
                .withValue(userServiceUrl)
                .endEnv()
                .addNewEnv()
                .withName("TASK_SERVICE_URL")
                .withValue(taskServiceUrl)
                .endEnv()
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .endContainer()
                .endSpec()
                .build();
    }
}
