// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.reconcile;

import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.apply.Children;
import dev.taskplatform.operator.apply.Kinds;
import dev.taskplatform.operator.apply.Labels;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import io.javaoperatorsdk.operator.processing.event.EventSourceRetriever;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Watches every kind that the chart can render, and the services' pods. Only objects with the operator's labels are listed and kept
 * in memory, whatever else there is in the cluster.
 *
 * <p>An object belongs to the resource that its instance label names, whether the resource owns it or not: data that outlived its
 * resource has no owner.
 */
public final class ChildInformers implements Children {

    private static final String OURS = Labels.MANAGED_BY + "=" + Labels.MANAGER;
    private static final String PODS =
            "app.kubernetes.io/part-of=taskplatform," + Labels.NAME + " in (user-service,task-service)";
    private static final String BY_INSTANCE = "instance";

    private final KubernetesClient client;
    private final Map<GroupVersionKind, InformerEventSource<GenericKubernetesResource, TaskPlatform>> sources =
            new ConcurrentHashMap<>();
    private volatile InformerEventSource<Pod, TaskPlatform> pods;

    /** @param client access to the cluster, to see which optional kinds it has */
    public ChildInformers(KubernetesClient client) {
        this.client = client;
    }

    /** @return a source of events for every kind that the cluster has */
    List<EventSource<?, TaskPlatform>> create(EventSourceContext<TaskPlatform> context) {
        List<EventSource<?, TaskPlatform>> all = new ArrayList<>();
        Kinds.BUILT_IN.forEach(kind -> sources.put(kind, create(kind, context)));
        Kinds.OPTIONAL.stream().filter(this::isServed).forEach(kind -> sources.put(kind, create(kind, context)));
        all.addAll(sources.values());
        pods = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Pod.class, TaskPlatform.class)
                        .withName("pods")
                        .withLabelSelector(PODS)
                        .withSecondaryToPrimaryMapper(ChildInformers::resourceOf)
                        .withNamespacesInheritedFromController()
                        .build(),
                context);
        pods.addIndexers(Map.of(BY_INSTANCE, ChildInformers::index));
        all.add(pods);
        return all;
    }

    /** Starts to watch an optional kind that the cluster has got since the start. */
    synchronized void watchNewKinds(EventSourceRetriever<TaskPlatform> retriever) {
        Kinds.OPTIONAL.stream().filter(kind -> !watches(kind) && isServed(kind)).forEach(kind -> {
            var source = create(kind, retriever.eventSourceContextForDynamicRegistration());
            retriever.dynamicallyRegisterEventSource(source);
            sources.put(kind, source); // not before its cache is filled
        });
    }

    /** @return the pods of a resource's service; they are shared and must not be changed */
    List<Pod> pods(String namespace, String instance, String service) {
        return pods.byIndex(BY_INSTANCE, key(namespace, instance)).stream()
                .filter(pod -> Labels.of(pod, Labels.NAME).equals(Optional.of(service)))
                .toList();
    }

    @Override
    public boolean watches(GroupVersionKind kind) {
        return sources.containsKey(kind);
    }

    @Override
    public Optional<GenericKubernetesResource> find(GroupVersionKind kind, String namespace, String name) {
        return sources.get(kind).get(new ResourceID(name, namespace));
    }

    @Override
    public List<GenericKubernetesResource> of(String namespace, String instance) {
        return sources.values().stream()
                .flatMap(source -> source.byIndex(BY_INSTANCE, key(namespace, instance)).stream())
                .toList();
    }

    @Override
    public void written(GenericKubernetesResource written, Optional<GenericKubernetesResource> before) {
        var source = sources.get(Kinds.of(written));
        ResourceID id = ResourceID.fromResource(written);
        before.ifPresentOrElse(
                found -> source.handleRecentResourceUpdate(id, written, found),
                () -> source.handleRecentResourceCreate(id, written));
    }

    private InformerEventSource<GenericKubernetesResource, TaskPlatform> create(
            GroupVersionKind kind, EventSourceContext<TaskPlatform> context) {
        var source = new InformerEventSource<GenericKubernetesResource, TaskPlatform>(
                InformerEventSourceConfiguration.from(kind, TaskPlatform.class)
                        .withName(kind.getKind())
                        .withLabelSelector(OURS)
                        .withSecondaryToPrimaryMapper(ChildInformers::resourceOf)
                        .withNamespacesInheritedFromController()
                        .build(),
                context);
        source.addIndexers(Map.of(BY_INSTANCE, ChildInformers::index));
        return source;
    }

    private boolean isServed(GroupVersionKind kind) {
        APIResourceList served = client.getApiResources(kind.apiVersion());
        return served != null
                && served.getResources().stream()
                        .anyMatch(resource -> resource.getKind().equals(kind.getKind()));
    }

    private static Set<ResourceID> resourceOf(HasMetadata object) {
        return Labels.of(object, Labels.INSTANCE)
                .map(instance ->
                        Set.of(new ResourceID(instance, object.getMetadata().getNamespace())))
                .orElse(Set.of());
    }

    private static List<String> index(HasMetadata object) {
        return Labels.of(object, Labels.INSTANCE).stream()
                .map(instance -> key(object.getMetadata().getNamespace(), instance))
                .toList();
    }

    private static String key(String namespace, String instance) {
        return namespace + "/" + instance;
    }
}
