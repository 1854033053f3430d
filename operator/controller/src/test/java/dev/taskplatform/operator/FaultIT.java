// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.taskplatform.operator.api.Condition;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong is said in the status, and heals without a restart of the operator. */
class FaultIT extends OnKubeApi {

    private static final String HTTP_ROUTES = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata:
              name: httproutes.gateway.networking.k8s.io
              annotations: {api-approved.kubernetes.io: "unapproved, a test"}
            spec:
              group: gateway.networking.k8s.io
              scope: Namespaced
              names: {kind: HTTPRoute, plural: httproutes}
              versions:
              - name: v1
                served: true
                storage: true
                schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            """;

    FaultIT(KubeApi.Server api) {
        super(api);
    }

    @Test
    void aMissingSecretIsNamedAndWaitedFor() {
        create("demo", POSTGRES);

        Condition ready =
                awaitCondition("demo", "Ready", condition -> condition.reason().equals("DatabaseSecretNotFound"));
        assertThat(ready.message()).contains("Secret db in namespace " + namespace, "create it");
        assertThat(condition("demo", "Degraded"))
                .hasValueSatisfying(found -> assertThat(found.status()).isEqualTo("True"));
        assertThat(deployment("demo-user-service").get()).isNull();

        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("db")
                        .withNamespace(namespace)
                        .endMetadata()
                        .withStringData(Map.of("host", "db", "port", "5432", "dbname", "app", "username", "app"))
                        .build())
                .create();
        ready = awaitCondition("demo", "Ready", condition -> condition.reason().equals("DatabaseSecretIncomplete"));
        assertThat(ready.message()).contains("has no key password");

        client.secrets().inNamespace(namespace).withName("db").delete();
        createConnection();
        awaitReady("demo");
    }

    @Test
    void anImageThatCannotBePulledIsNamed() {
        createReady("demo", EMBEDDED);

        patch("demo", "{\"image\": {\"tag\": \"missing\"}}");
        Condition ready =
                awaitCondition("demo", "Ready", condition -> condition.reason().equals("ImagePullFailed"));
        assertThat(ready.message()).contains("registry.example.com/tp/user-service:missing", "manifest unknown");

        patch("demo", "{\"image\": {\"tag\": \"2.0.0\"}}");
        awaitReady("demo");
        assertThat(condition("demo", "Degraded"))
                .hasValueSatisfying(found -> assertThat(found.status()).isEqualTo("False"));
    }

    @Test
    void whatTheApiServerRefusesIsSaidAndTheRestIsApplied() {
        createReady("other", "{database: {embedded: {}}, userService: {service: {type: NodePort, nodePort: 30123}}}");
        create("demo", "{database: {embedded: {}}, taskService: {service: {type: NodePort, nodePort: 30123}}}");

        Condition ready =
                awaitCondition("demo", "Ready", condition -> condition.reason().equals("ApplyFailed"));
        assertThat(ready.message()).contains("demo-task-service", "30123", "already allocated");
        assertThat(deployment("demo-user-service").get()).isNotNull();

        patch("demo", "{\"taskService\": {\"service\": {\"nodePort\": null}}}");
        awaitReady("demo");
    }

    @Test
    void aNamespaceThatIsBeingDeletedIsSaidAndLeftAlone() {
        createReady("demo", EMBEDDED);
        // No controller empties it here, so it stays.
        client.namespaces().withName(namespace).delete();
        await("the API server refuses new objects").atMost(SOON).until(this::refusesNewObjects);

        deployment("demo-task-service").delete();

        Condition ready =
                awaitCondition("demo", "Ready", condition -> condition.reason().equals("NamespaceTerminating"));
        assertThat(ready.message()).contains("Namespace " + namespace + " is being deleted");
        expectsDenials(); // that is how the API server says it
        assertThat(deployment("demo-task-service").get()).isNull();
    }

    private boolean refusesNewObjects() {
        try {
            client.resource(new SecretBuilder()
                            .withNewMetadata()
                            .withGenerateName("late-")
                            .withNamespace(namespace)
                            .endMetadata()
                            .build())
                    .create();
            return false;
        } catch (KubernetesClientException e) {
            return e.getCode() == HttpURLConnection.HTTP_FORBIDDEN;
        }
    }

    @Test
    void aKindThatTheClusterLacksIsNamedAndWatchedWhenItComes() {
        create("demo", "{database: {embedded: {}}, httpRoute: {enabled: true, parentRefs: [{name: public}]}}");
        Condition ready =
                awaitCondition("demo", "Ready", condition -> condition.reason().equals("ApiMissing"));
        assertThat(ready.message()).contains("HTTPRoute", "gateway.networking.k8s.io/v1");

        var gatewayApi = Serialization.unmarshal(HTTP_ROUTES, CustomResourceDefinition.class);
        client.resource(gatewayApi).create();
        try {
            awaitReady("demo");
            var routes = client.genericKubernetesResources("gateway.networking.k8s.io/v1", "HTTPRoute")
                    .inNamespace(namespace)
                    .withName("demo");
            String uid = routes.get().getMetadata().getUid();
            routes.delete();
            await().atMost(SOON)
                    .until(() -> routes.get() != null
                            && !routes.get().getMetadata().getUid().equals(uid));

            patch("demo", "{\"httpRoute\": null}");
            await().atMost(SOON).until(() -> routes.get() == null);
        } finally {
            operator.close();
            client.resource(gatewayApi).delete();
            operator = new RunningOperator(api.operatorConfig(), namespace);
        }
    }

    @Test
    void aChartThatFailsChangesAndDeletesNothing(@TempDir Path directory) throws IOException {
        createReady("demo", EMBEDDED);
        List<String> before = versions();
        Path chart = ChartCopy.in(directory);
        Files.writeString(
                chart.resolve("templates/broken.yaml"),
                "{{ if not .Values.networkPolicy.enabled }}{{ fail \"the moon is full\" }}{{ end }}");
        operator.close();
        operator = new RunningOperator(api.operatorConfig(), namespace, Map.of("CHART_DIR", chart.toString()));

        patch("demo", "{\"networkPolicy\": {\"enabled\": false}}");
        Condition ready =
                awaitCondition("demo", "Ready", condition -> condition.reason().equals("RenderFailed"));
        assertThat(ready.message()).isEqualTo("The resource can't be turned into objects: the moon is full");
        assertThat(versions()).isEqualTo(before);

        patch("demo", "{\"networkPolicy\": null}");
        awaitReady("demo");
        assertThat(versions()).isEqualTo(before);
    }

    @Test
    void anotherOperatorGoesOnWhereTheFirstStopped() {
        createConnection();
        createReady("demo", POSTGRES);
        workloads.hold("demo-user-service");
        patch("demo", "{\"image\": {\"tag\": \"2.0.0\"}}");
        awaitCondition("demo", "Progressing", condition -> condition.message().contains("waits for its turn"));
        operator.close();

        deployment("demo-task-service").delete();
        client.network()
                .networkPolicies()
                .inNamespace(namespace)
                .withName("demo-task-service")
                .delete();
        workloads.release(namespace, "demo-user-service");
        operator = new RunningOperator(api.operatorConfig(), namespace);

        awaitReady("demo");
        assertThat(deployment("demo-task-service")
                        .get()
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getImage())
                .endsWith(":2.0.0");
        assertThat(children("demo"))
                .filteredOn(child -> child.getKind().equals("NetworkPolicy"))
                .hasSize(2);
    }

    @Test
    void aNewOperatorWritesNothingToWhatIsAsItShouldBe() {
        createReady("demo", EMBEDDED);
        operator.close();

        operator = new RunningOperator(api.operatorConfig(), namespace);
        await().atMost(SOON).until(() -> operator.reconciliations() > 0);

        assertThat(operator.writes()).isEmpty();
    }

    @Test
    void nothingIsWrittenWhilePaused() {
        createReady("demo", EMBEDDED);
        patch("demo", "{\"paused\": true}");
        awaitCondition("demo", "Paused", condition -> condition.status().equals("True"));
        long generation = get("demo").getStatus().observedGeneration();

        patch("demo", "{\"networkPolicy\": {\"enabled\": false}}");
        deployment("demo-task-service").delete();
        awaitCondition("demo", "Ready", condition -> condition.status().equals("False"));

        assertThat(deployment("demo-task-service").get()).isNull();
        assertThat(children("demo")).anyMatch(child -> child.getKind().equals("NetworkPolicy"));
        assertThat(get("demo").getStatus().observedGeneration()).isEqualTo(generation);

        patch("demo", "{\"paused\": null}");
        awaitReady("demo");
        assertThat(children("demo")).noneMatch(child -> child.getKind().equals("NetworkPolicy"));
    }

    private List<String> versions() {
        return children("demo").stream()
                .map(child -> child.getKind() + child.getMetadata().getResourceVersion())
                .sorted()
                .toList();
    }
}
