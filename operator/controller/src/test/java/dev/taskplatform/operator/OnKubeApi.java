// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.taskplatform.operator.api.Condition;
import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.api.TaskPlatformStatus;
import dev.taskplatform.operator.apply.Kinds;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** A test of the running operator in a namespace of its own, with pods that are acted. */
@ExtendWith(KubeApi.class)
abstract class OnKubeApi {

    static final Duration SOON = Duration.ofSeconds(30);
    static final String EMBEDDED = "{database: {embedded: {}}}";
    static final String POSTGRES = "{replicas: 2, database: {postgres: {secretName: db}}}";

    private static final Map<String, String> CONNECTION =
            Map.of("host", "db", "port", "5432", "dbname", "app", "username", "app", "password", "x");

    final KubeApi.Server api;
    final KubernetesClient client;
    String namespace;
    FakeWorkloads workloads;
    RunningOperator operator;
    private boolean denialsExpected;

    OnKubeApi(KubeApi.Server api) {
        this.api = api;
        this.client = api.client();
    }

    @BeforeEach
    void startAll() {
        namespace = api.namespace("it");
        workloads = new FakeWorkloads(client, namespace);
        operator = new RunningOperator(api.operatorConfig(), namespace);
    }

    @AfterEach
    void stopAll() {
        operator.close();
        if (!denialsExpected) {
            assertThat(operator.denials())
                    .as("the chart gives every right that is needed")
                    .isEmpty();
        }
        workloads.close();
        // Ports of nodes are the whole cluster's.
        client.services().inNamespace(namespace).delete();
    }

    /** The API server denies the operator something in this test. */
    void expectsDenials() {
        denialsExpected = true;
    }

    void create(String name, String spec) {
        api.create(namespace, name, spec);
    }

    TaskPlatform createReady(String name, String spec) {
        create(name, spec);
        return awaitReady(name);
    }

    void createConnection() {
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("db")
                        .withNamespace(namespace)
                        .endMetadata()
                        .withStringData(CONNECTION)
                        .build())
                .create();
    }

    TaskPlatform get(String name) {
        return client.resources(TaskPlatform.class)
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    /** Changes the spec as `kubectl patch --type=merge` does. */
    TaskPlatform patch(String name, String spec) {
        return client.resources(TaskPlatform.class)
                .inNamespace(namespace)
                .withName(name)
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": " + spec + "}");
    }

    RollableScalableResource<Deployment> deployment(String name) {
        return client.apps().deployments().inNamespace(namespace).withName(name);
    }

    /** @return the image that the pods of a Deployment are to run */
    String image(String name) {
        return deployment(name)
                .get()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getImage();
    }

    /** @return what tells the pods of a service from their successors: they are restarted when it changes */
    List<String> podUids(String service) {
        return pods(service).stream()
                .map(pod -> pod.getMetadata().getUid())
                .sorted()
                .toList();
    }

    /** Sets an annotation of a resource as `kubectl annotate --overwrite` does. */
    void annotate(String name, String annotation, String value) {
        client.resources(TaskPlatform.class)
                .inNamespace(namespace)
                .withName(name)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\": {\"annotations\": {\"%s\": \"%s\"}}}".formatted(annotation, value));
    }

    /** @return the remembered revisions of a resource by health */
    List<ControllerRevision> revisions(String name, String health) {
        return client
                .apps()
                .controllerRevisions()
                .inNamespace(namespace)
                .withLabel("app.kubernetes.io/instance", name)
                .list()
                .getItems()
                .stream()
                .filter(revision ->
                        health.equals(revision.getMetadata().getAnnotations().get("taskplatform.dev/health")))
                .toList();
    }

    /** @return reasons and messages of the events about a resource */
    List<String> events(String name) {
        return client
                .v1()
                .events()
                .inNamespace(namespace)
                .withField("involvedObject.name", name)
                .list()
                .getItems()
                .stream()
                .map(event -> event.getType() + " " + event.getReason() + ": " + event.getMessage())
                .toList();
    }

    /** @return the object of any kind, as it is in the cluster */
    Optional<GenericKubernetesResource> find(HasMetadata object) {
        return Optional.ofNullable(client.genericKubernetesResources(object.getApiVersion(), object.getKind())
                .inNamespace(namespace)
                .withName(object.getMetadata().getName())
                .get());
    }

    /** @return every object that carries the operator's label for a resource */
    List<GenericKubernetesResource> children(String name) {
        return Kinds.BUILT_IN.stream()
                .flatMap(kind -> client
                        .genericKubernetesResources(kind.apiVersion(), kind.getKind())
                        .inNamespace(namespace)
                        .withLabel("app.kubernetes.io/managed-by", "taskplatform-operator")
                        .withLabel("app.kubernetes.io/instance", name)
                        .list()
                        .getItems()
                        .stream())
                .toList();
    }

    List<Pod> pods(String service) {
        return client.pods()
                .inNamespace(namespace)
                .withLabel("app.kubernetes.io/name", service)
                .list()
                .getItems();
    }

    Optional<Condition> condition(String name, String type) {
        return Optional.ofNullable(get(name).getStatus()).map(TaskPlatformStatus::conditions).stream()
                .flatMap(List::stream)
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }

    /** Waits until the status is about the newest spec and says Ready. */
    TaskPlatform awaitReady(String name) {
        await().atMost(SOON).untilAsserted(() -> {
            TaskPlatform resource = get(name);
            assertThat(resource.getStatus()).isNotNull();
            assertThat(resource.getStatus().observedGeneration())
                    .isEqualTo(resource.getMetadata().getGeneration());
            assertThat(condition(name, "Ready"))
                    .hasValueSatisfying(ready ->
                            assertThat(ready.status()).as(ready.toString()).isEqualTo("True"));
        });
        return get(name);
    }

    /** Waits until what runs is remembered as healthy. */
    void awaitRevision(String name) {
        await().atMost(SOON).until(() -> get(name).getStatus().revision() != null);
    }

    Condition awaitCondition(String name, String type, Predicate<Condition> wanted) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(condition(name, type))
                        .hasValueSatisfying(condition -> assertThat(condition).matches(wanted)));
        return condition(name, type).orElseThrow();
    }

    /** Makes the operator look at a resource by a change that it doesn't own, and waits until it has. */
    void lookAgain(String name) {
        long before = operator.reconciliations();
        client.configMaps()
                .inNamespace(namespace)
                .withName(name + "-user-service")
                .edit(map -> {
                    map.getMetadata().getAnnotations().merge("example.com/looks", "1", (old, more) -> old + more);
                    return map;
                });
        await().atMost(SOON).until(() -> operator.reconciliations() > before);
    }
}
