// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the chart taskplatform keeps to, whatever the values. */
class EveryValueSetTest {

    @RegisterExtension
    static final SecretsApi API = new SecretsApi();

    @ParameterizedTest
    @EnumSource
    void podsAreRestrictedAndHaveNoToken(Values values) {
        assertThat(values.render().pods()).hasSize(3).allSatisfy(pod -> {
            RestrictedPods.assertRestricted(pod);
            RestrictedPods.assertMounts(pod);
            assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
        });
    }

    @ParameterizedTest
    @EnumSource
    void serviceAccountsMountNoToken(Values values) {
        Rendering rendering = values.render();
        assertThat(rendering.all(ServiceAccount.class))
                .hasSize(2)
                .allSatisfy(account ->
                        assertThat(account.getAutomountServiceAccountToken()).isFalse());
        assertThat(rendering.all(Deployment.class))
                .allSatisfy(deployment -> assertThat(rendering.find(
                                ServiceAccount.class,
                                deployment.getSpec().getTemplate().getSpec().getServiceAccountName()))
                        .isPresent());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NODE_PORT") // which switches the policies off
    void networkPoliciesCoverEveryPod(Values values) {
        Rendering rendering = values.render();
        assertThat(rendering.pods()).allSatisfy(pod -> {
            RestrictedPods.assertCoveredByPolicy(pod, rendering);
            RestrictedPods.assertAdmitsExactlyItsPorts(pod, rendering);
        });
    }

    @ParameterizedTest
    @EnumSource
    void selectorsSelectThePodsOfTheirOwnService(Values values) {
        Rendering rendering = values.render().installed();
        for (Deployment deployment : rendering.all(Deployment.class)) {
            assertThat(rendering.selectedBy(deployment.getSpec().getSelector()))
                    .extracting(Rendering::nameOf)
                    .containsExactly(deployment.getMetadata().getName());
        }
        for (Service service : rendering.all(Service.class)) {
            assertThat(rendering.selectedBy(service.getSpec().getSelector()))
                    .extracting(Rendering::nameOf)
                    .containsExactly(service.getMetadata().getName());
        }
        for (NetworkPolicy policy : rendering.all(NetworkPolicy.class)) {
            assertThat(rendering.selectedBy(policy.getSpec().getPodSelector()))
                    .extracting(Rendering::nameOf)
                    .containsExactly(policy.getMetadata().getName());
        }
        for (PodDisruptionBudget budget : rendering.all(PodDisruptionBudget.class)) {
            assertThat(rendering.selectedBy(budget.getSpec().getSelector()))
                    .extracting(Rendering::nameOf)
                    .containsExactly(budget.getMetadata().getName());
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyReferenceMeetsAnObject(Values values) {
        Rendering rendering = values.render();
        for (Pod pod : rendering.pods()) {
            for (Volume volume : pod.getSpec().getVolumes()) {
                if (volume.getConfigMap() != null) {
                    rendering.get(ConfigMap.class, volume.getConfigMap().getName());
                }
                if (volume.getPersistentVolumeClaim() != null) {
                    rendering.get(
                            PersistentVolumeClaim.class,
                            volume.getPersistentVolumeClaim().getClaimName());
                }
                if (volume.getSecret() != null
                        && volume.getSecret().getSecretName().startsWith("team-")) {
                    rendering.get(Secret.class, volume.getSecret().getSecretName());
                }
            }
        }
        for (Service service : rendering.all(Service.class)) {
            List<String> listened = rendering.selectedBy(service.getSpec().getSelector()).stream()
                    .flatMap(pod -> pod.getSpec().getContainers().getFirst().getPorts().stream())
                    .map(port -> port.getName())
                    .toList();
            assertThat(service.getSpec().getPorts())
                    .allSatisfy(port ->
                            assertThat(listened).contains(port.getTargetPort().getStrVal()));
        }
        for (HorizontalPodAutoscaler autoscaler : rendering.all(HorizontalPodAutoscaler.class)) {
            rendering.get(
                    Deployment.class, autoscaler.getSpec().getScaleTargetRef().getName());
        }
        for (Ingress ingress : rendering.all(Ingress.class)) {
            assertThat(ingress.getSpec().getRules().getFirst().getHttp().getPaths())
                    .isNotEmpty()
                    .allSatisfy(path -> assertThat(rendering
                                    .get(
                                            Service.class,
                                            path.getBackend().getService().getName())
                                    .getSpec()
                                    .getPorts())
                            .anyMatch(port -> port.getName()
                                    .equals(path.getBackend()
                                            .getService()
                                            .getPort()
                                            .getName())));
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyObjectIsLabelledAndInTheNamespace(Values values) {
        assertThat(values.render().all()).allSatisfy(object -> {
            assertThat(object.getMetadata().getNamespace()).isEqualTo("blue");
            assertThat(object.getMetadata().getName()).startsWith("team");
            assertThat(object.getMetadata().getLabels())
                    .containsKey("app.kubernetes.io/name")
                    .containsEntry("app.kubernetes.io/instance", "team")
                    .containsEntry("app.kubernetes.io/part-of", "taskplatform");
        });
        assertThat(values.render().installed().all())
                .allSatisfy(object -> assertThat(object.getMetadata().getLabels())
                        .containsKeys("helm.sh/chart", "app.kubernetes.io/version")
                        .containsEntry("app.kubernetes.io/managed-by", "Helm"));
    }

    @ParameterizedTest
    @EnumSource
    void podsDoNotKnowTheVersionOfTheChart(Values values) {
        assertThat(values.render().pods())
                .allSatisfy(pod -> assertThat(pod.getMetadata().getLabels()).doesNotContainKey("helm.sh/chart"));
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheKeyIsRandom(Values values) {
        assertThat(withoutKey(values.render())).isEqualTo(withoutKey(values.render()));
    }

    private static List<HasMetadata> withoutKey(Rendering rendering) {
        return Stream.concat(
                        rendering.all().stream().filter(object -> !(object instanceof Secret)),
                        rendering.all(Secret.class).stream()
                                .map(secret -> secret.edit().withData(null).build()))
                .toList();
    }
}
