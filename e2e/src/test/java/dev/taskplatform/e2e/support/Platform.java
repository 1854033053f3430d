// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.e2e.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.type.TypeReference;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One TaskPlatform resource on the cluster, seen through the API server only. */
public final class Platform {

    /** Pods of a JVM each start on what may be a small, busy machine. */
    public static final Duration PATIENCE = Duration.ofMinutes(4);

    private static final String API_VERSION = "taskplatform.dev/v1alpha1";

    private final KubernetesClient client;
    private final String namespace;
    private final String name;

    public Platform(TestNamespace namespace, String name) {
        this.client = namespace.client();
        this.namespace = namespace.name();
        this.name = name;
    }

    /** Creates or changes the resource as {@code kubectl apply --server-side} does. */
    public Platform apply(String spec) {
        Map<String, Object> values = Documents.read(spec, new TypeReference<>() {});
        GenericKubernetesResource resource = new GenericKubernetesResource();
        resource.setApiVersion(API_VERSION);
        resource.setKind("TaskPlatform");
        resource.setMetadata(
                new ObjectMetaBuilder().withName(name).withNamespace(namespace).build());
        resource.setAdditionalProperty("spec", values);
        resources().resource(resource).forceConflicts().serverSideApply();
        return this;
    }

    public void delete() {
        resources().withName(name).delete();
    }

    /** Waits until the status speaks of the newest spec and the resource is Ready. */
    public Platform awaitReady() {
        await("TaskPlatform " + name + " is Ready")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> {
                    GenericKubernetesResource now = resources().withName(name).get();
                    Integer observed = now.get("status", "observedGeneration");
                    assertThat(observed)
                            .as("observed generation")
                            .isEqualTo(now.getMetadata().getGeneration().intValue());
                    assertThat(condition("Ready")).as("condition Ready").containsEntry("status", "True");
                });
        return this;
    }

    /** The condition of that type; empty while the operator has not written it. */
    public Map<String, String> condition(String type) {
        GenericKubernetesResource now = resources().withName(name).get();
        List<Map<String, String>> conditions = now == null ? null : now.get("status", "conditions");
        return Objects.requireNonNullElse(conditions, List.<Map<String, String>>of()).stream()
                .filter(condition -> condition.get("type").equals(type))
                .findFirst()
                .orElse(Map.of());
    }

    /** Waits until the message of the Ready condition, which is not True, has all those words. */
    public void awaitNotReady(String... words) {
        await("TaskPlatform " + name + " says why it is not Ready")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> {
                    Map<String, String> ready = condition("Ready");
                    assertThat(ready).isNotEmpty().doesNotContainEntry("status", "True");
                    assertThat(ready.get("reason") + ": " + ready.get("message"))
                            .contains(words);
                });
    }

    public String deployment(String service) {
        return name + "-" + service;
    }

    /** The pods of one service that are Ready and not being deleted. */
    public List<Pod> readyPods(String service) {
        return client.pods().inNamespace(namespace).withLabels(labels(service)).list().getItems().stream()
                .filter(Readiness::isPodReady)
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    public Map<String, String> labels(String service) {
        return Map.of("app.kubernetes.io/instance", name, "app.kubernetes.io/name", service);
    }

    /** A client of the two services of this platform, from outside the cluster. */
    public PlatformClient open() {
        return new PlatformClient(client, namespace, this);
    }

    private NonNamespaceOperation<GenericKubernetesResource, ?, Resource<GenericKubernetesResource>> resources() {
        return client.genericKubernetesResources(API_VERSION, "TaskPlatform").inNamespace(namespace);
    }
}
