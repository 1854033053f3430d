// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.cache;

import dev.taskplatform.operator.api.DatabaseSpec;
import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.api.TaskPlatformBackup;
import dev.taskplatform.operator.apply.Children;
import dev.taskplatform.operator.apply.Kinds;
import dev.taskplatform.operator.apply.Labels;
import dev.taskplatform.operator.revision.RevisionCache;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.FieldSelector;
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
import java.util.stream.Collectors;

/**
 * Watches every kind that the chart can render, and the services' pods. Only objects with the operator's labels are listed and kept
 * in memory, whatever else there is in the cluster.
 *
 * <p>An object belongs to the resource that its instance label names, whether the resource owns it or not: data that outlived its
 * resource has no owner.
 */
public final class ChildInformers implements Children, RevisionCache {

    private static final String OURS = Labels.MANAGED_BY + "=" + Labels.MANAGER;
    private static final String PODS =
            "app.kubernetes.io/part-of=taskplatform," + Labels.NAME + " in (user-service,task-service)";
    private static final String BY_INSTANCE = "instance";
    private static final String BY_SECRET = "secret";

    /** Kinds of Secrets that no connection to a database is kept in, and that there may be many of. */
    private static final List<String> OTHER_SECRETS = List.of(
            "helm.sh/release.v1",
            "kubernetes.io/service-account-token",
            "kubernetes.io/dockerconfigjson",
            "kubernetes.io/tls");

    private static final long PAGE = 500;

    private final KubernetesClient client;
    private final Map<GroupVersionKind, InformerEventSource<GenericKubernetesResource, TaskPlatform>> sources =
            new ConcurrentHashMap<>();
    private volatile InformerEventSource<GenericKubernetesResource, TaskPlatform> revisions;
    private volatile InformerEventSource<Pod, TaskPlatform> pods;
    private volatile InformerEventSource<TaskPlatformBackup, TaskPlatform> backups;

    /** @param client access to the cluster, to see which optional kinds it has */
    public ChildInformers(KubernetesClient client) {
        this.client = client;
    }

    /** @return a source of events for every kind that the cluster has */
    public List<EventSource<?, TaskPlatform>> create(EventSourceContext<TaskPlatform> context) {
        List<EventSource<?, TaskPlatform>> all = new ArrayList<>();
        Kinds.BUILT_IN.forEach(kind -> sources.put(kind, create(kind, context)));
        Kinds.OPTIONAL.stream().filter(this::isServed).forEach(kind -> sources.put(kind, create(kind, context)));
        all.addAll(sources.values());
        revisions = create(Kinds.REVISION, context);
        all.add(revisions);
        all.add(secrets(context));
        backups = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(TaskPlatformBackup.class, TaskPlatform.class)
                        .withName("backups")
                        // An event for a resource that isn't there would wait for it.
                        .withSecondaryToPrimaryMapper(backup -> Set.of(platformOf(backup)).stream()
                                .filter(id -> context.getPrimaryCache().get(id).isPresent())
                                .collect(Collectors.toSet()))
                        .withNamespacesInheritedFromController()
                        .build(),
                context);
        backups.addIndexers(Map.of(
                BY_INSTANCE,
                backup -> List.of(key(
                        backup.getMetadata().getNamespace(), backup.getSpec().taskPlatformName()))));
        all.add(backups);
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

    /**
     * Tells when a Secret changes that a resource names. The API server sends nothing of a Secret but its metadata; see
     * {@link MetadataOnly}.
     */
    private static InformerEventSource<Secret, TaskPlatform> secrets(EventSourceContext<TaskPlatform> context) {
        var resources = context.getPrimaryCache();
        resources.addIndexer(
                BY_SECRET,
                resource -> secretOf(resource).stream()
                        .map(name -> key(resource.getMetadata().getNamespace(), name))
                        .toList());
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Secret.class, TaskPlatform.class)
                        .withName("secrets")
                        .withFieldSelector(new FieldSelector(OTHER_SECRETS.stream()
                                .map(type -> new FieldSelector.Field("type", type, true))
                                .toList()))
                        .withInformerListLimit(PAGE)
                        .withSecondaryToPrimaryMapper(secret -> resources
                                .byIndex(
                                        BY_SECRET,
                                        key(
                                                secret.getMetadata().getNamespace(),
                                                secret.getMetadata().getName()))
                                .stream()
                                .map(ResourceID::fromResource)
                                .collect(Collectors.toSet()))
                        .withNamespacesInheritedFromController()
                        .build(),
                context);
    }

    /**
     * Starts to watch an optional kind that the cluster has got since the start.
     *
     * @param retriever where event sources are registered
     */
    public synchronized void watchNewKinds(EventSourceRetriever<TaskPlatform> retriever) {
        Kinds.OPTIONAL.stream().filter(kind -> !watches(kind) && isServed(kind)).forEach(kind -> {
            var source = create(kind, retriever.eventSourceContextForDynamicRegistration());
            retriever.dynamicallyRegisterEventSource(source);
            sources.put(kind, source); // not before its cache is filled
        });
    }

    /**
     * @param namespace namespace of a resource
     * @param instance its name
     * @param service one of its services
     * @return the pods of the service; they are shared and must not be changed
     */
    public List<Pod> pods(String namespace, String instance, String service) {
        return pods.byIndex(BY_INSTANCE, key(namespace, instance)).stream()
                .filter(pod -> Labels.of(pod, Labels.NAME).equals(Optional.of(service)))
                .toList();
    }

    /**
     * @param namespace namespace of a resource
     * @param name its name
     * @return its backups; they are shared and must not be changed
     */
    public List<TaskPlatformBackup> backups(String namespace, String name) {
        return backups.byIndex(BY_INSTANCE, key(namespace, name));
    }

    private static ResourceID platformOf(TaskPlatformBackup backup) {
        return new ResourceID(
                backup.getSpec().taskPlatformName(), backup.getMetadata().getNamespace());
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
    public List<GenericKubernetesResource> revisions(String namespace, String instance) {
        return revisions.byIndex(BY_INSTANCE, key(namespace, instance));
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

    private static Optional<String> secretOf(TaskPlatform resource) {
        return Optional.ofNullable(resource.getSpec().database())
                .map(DatabaseSpec::postgres)
                .map(DatabaseSpec.Postgres::secretName);
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
