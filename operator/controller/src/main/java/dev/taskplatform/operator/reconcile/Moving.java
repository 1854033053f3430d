// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.reconcile;

import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.apply.Fields;
import dev.taskplatform.operator.apply.Gate;
import dev.taskplatform.operator.apply.Kinds;
import dev.taskplatform.operator.apply.Labels;
import dev.taskplatform.operator.apply.ManagedFields;
import dev.taskplatform.operator.apply.Services;
import dev.taskplatform.operator.cache.ChildInformers;
import dev.taskplatform.operator.data.DataCommand;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is in the cluster while all data of a resource is restored or moved: everything but the services. Their Deployments, where
 * there are any, stay as they are and have no pods.
 */
final class Moving {

    private final KubernetesClient client;
    private final ChildInformers children;

    Moving(KubernetesClient client, ChildInformers children) {
        this.client = client;
        this.children = children;
    }

    /**
     * @param resource a resource
     * @param rendered what the chart has rendered, with the Jobs
     * @return what is to be in the cluster meanwhile, but for the Jobs
     */
    List<GenericKubernetesResource> objects(TaskPlatform resource, List<GenericKubernetesResource> rendered) {
        return Stream.concat(
                        Services.ALL.stream().flatMap(service -> stopped(resource, service).stream()),
                        rendered.stream()
                                .filter(object -> !Kinds.of(object).equals(Kinds.DEPLOYMENT))
                                .filter(object -> !DataCommand.isPart(object)))
                .toList();
    }

    /** What the operator has applied last, without pods. */
    private Optional<GenericKubernetesResource> stopped(TaskPlatform resource, String service) {
        String namespace = resource.getMetadata().getNamespace();
        String name = resource.getMetadata().getName() + "-" + service;
        if (children.find(Kinds.DEPLOYMENT, namespace, name).isEmpty()) {
            return Optional.empty();
        }
        return Optional.ofNullable(
                        client.genericKubernetesResources(Kinds.DEPLOYMENT.apiVersion(), Kinds.DEPLOYMENT.getKind())
                                .inNamespace(namespace)
                                .withName(name)
                                .get())
                .map(Moving::withoutPods);
    }

    @SuppressWarnings("unchecked")
    private static GenericKubernetesResource withoutPods(GenericKubernetesResource live) {
        Map<String, Object> applied =
                ManagedFields.appliedBy(Labels.MANAGER, live).of(Fields.of(live));
        var stopped = new GenericKubernetesResource();
        stopped.setApiVersion(live.getApiVersion());
        stopped.setKind(live.getKind());
        stopped.setMetadata(new ObjectMetaBuilder()
                .withName(live.getMetadata().getName())
                .withNamespace(live.getMetadata().getNamespace())
                .withLabels((Map<String, String>) ((Map<String, Object>) applied.get("metadata")).get("labels"))
                .build());
        Map<String, Object> spec = (Map<String, Object>) applied.get("spec");
        spec.put("replicas", 0);
        stopped.setAdditionalProperty("spec", spec);
        return stopped;
    }

    /** @return what keeps the settings of pods that still run */
    Gate gate(TaskPlatform resource) {
        return (desired, actual) ->
                Kinds.of(desired).equals(Kinds.CONFIG_MAP) && actual.isPresent() && !isStopped(resource);
    }

    /** @return whether no pod of a service is left that might use the data */
    boolean isStopped(TaskPlatform resource) {
        return Services.ALL.stream()
                .allMatch(service -> children.pods(
                                resource.getMetadata().getNamespace(),
                                resource.getMetadata().getName(),
                                service)
                        .isEmpty());
    }
}
