// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The rights of the chart bind the operator of the other tests, which therefore show that they are enough. */
@ExtendWith(KubeApi.class)
class RightsIT {

    @Test
    void theOperatorMayDoNothingElse(KubeApi.Server api) {
        String namespace = api.namespace("rights");
        api.create(namespace, "demo", OnKubeApi.EMBEDDED);
        try (var client =
                new KubernetesClientBuilder().withConfig(api.operatorConfig()).build()) {
            assertForbidden(() ->
                    client.secrets().inNamespace(namespace).withName("any").delete());
            assertForbidden(() -> client.persistentVolumeClaims()
                    .inNamespace(namespace)
                    .withName("any")
                    .delete());
            assertForbidden(() -> client.genericKubernetesResources("taskplatform.dev/v1alpha1", "TaskPlatform")
                    .inNamespace(namespace)
                    .withName("demo")
                    .edit(resource -> {
                        resource.getMetadata().setFinalizers(List.of("example.com/stays"));
                        return resource;
                    }));
            assertForbidden(() -> client.nodes().list());
        }
    }

    private static void assertForbidden(ThrowingCallable request) {
        assertThatExceptionOfType(KubernetesClientException.class)
                .isThrownBy(request)
                .satisfies(e -> assertThat(e.getCode()).isEqualTo(403));
    }
}
