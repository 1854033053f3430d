// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** What holds for every pod of both charts. */
final class RestrictedPods {

    private RestrictedPods() {}

    /** The restricted Pod Security Standard, and a read-only root and limited memory beyond it. */
    static void assertRestricted(Pod pod) {
        assertThat(pod.getSpec().getSecurityContext()).satisfies(security -> {
            assertThat(security.getRunAsNonRoot()).isTrue();
            assertThat(security.getRunAsUser()).isEqualTo(65532);
            assertThat(security.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        });
        assertThat(pod.getSpec().getHostNetwork()).isNull();
        assertThat(pod.getSpec().getEnableServiceLinks()).isFalse();
        assertThat(pod.getSpec().getVolumes())
                .allSatisfy(volume -> assertThat(volume.getHostPath()).isNull());
        assertThat(pod.getSpec().getContainers()).isNotEmpty().allSatisfy(container -> {
            assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                    .isFalse();
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                    .isTrue();
            assertThat(container.getSecurityContext().getCapabilities().getDrop())
                    .containsExactly("ALL");
            assertThat(container.getSecurityContext().getCapabilities().getAdd())
                    .isEmpty();
            assertThat(container.getResources().getLimits()).containsKey("memory");
        });
    }

    /** Each mount has its volume, each volume is mounted, and /tmp is a directory of limited size. */
    static void assertMounts(Pod pod) {
        Set<String> volumes =
                pod.getSpec().getVolumes().stream().map(Volume::getName).collect(Collectors.toSet());
        for (Container container : pod.getSpec().getContainers()) {
            assertThat(container.getVolumeMounts())
                    .extracting(VolumeMount::getName)
                    .containsExactlyInAnyOrderElementsOf(volumes);
            assertThat(container.getVolumeMounts())
                    .extracting(VolumeMount::getMountPath)
                    .contains("/tmp");
        }
        assertThat(pod.getSpec().getVolumes())
                .filteredOn(volume -> volume.getEmptyDir() != null)
                .allSatisfy(volume ->
                        assertThat(volume.getEmptyDir().getSizeLimit()).isNotNull());
    }

    /** Exactly one policy selects the pod, and it rules both directions. */
    static void assertCoveredByPolicy(Pod pod, Rendering rendering) {
        assertThat(policiesOf(pod, rendering))
                .singleElement()
                .satisfies(policy ->
                        assertThat(policy.getSpec().getPolicyTypes()).containsExactlyInAnyOrder("Ingress", "Egress"));
    }

    /** The ports that the policy lets in are the ports the pod listens on. */
    static void assertAdmitsExactlyItsPorts(Pod pod, Rendering rendering) {
        Set<Integer> admitted = new HashSet<>();
        for (NetworkPolicy policy : policiesOf(pod, rendering)) {
            for (NetworkPolicyIngressRule rule : policy.getSpec().getIngress()) {
                for (NetworkPolicyPort port : rule.getPorts()) {
                    admitted.add(port.getPort().getIntVal());
                }
            }
        }
        List<Integer> listened = pod.getSpec().getContainers().stream()
                .flatMap(container -> container.getPorts().stream())
                .map(ContainerPort::getContainerPort)
                .toList();
        assertThat(admitted).containsExactlyInAnyOrderElementsOf(listened);
    }

    private static List<NetworkPolicy> policiesOf(Pod pod, Rendering rendering) {
        return rendering.all(NetworkPolicy.class).stream()
                .filter(policy -> selects(policy.getSpec().getPodSelector(), pod))
                .toList();
    }

    private static boolean selects(LabelSelector selector, Pod pod) {
        return pod.getMetadata()
                .getLabels()
                .entrySet()
                .containsAll(Objects.requireNonNull(selector.getMatchLabels()).entrySet());
    }
}
