// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The objects of a resource are made, kept, repaired and removed. */
class ApplyIT extends OnKubeApi {

    /** Sets nearly every field; the objects of all built-in kinds are rendered by one of the two. */
    private static final String EVERYTHING = """
            {database: {postgres: {secretName: db, keys: {host: host, port: port}}},
             issuer: "https://id.example.com", deletionPolicy: Delete, compatibility: {simpleApi: true},
             admin: {username: root, passwordSecretName: first-admin, passwordSecretKey: pw, publicApi: false},
             serviceAuthentication: {kubernetes: {enabled: true, issuer: "https://kubernetes.example.com", clients: [
               {clientId: reports, serviceAccountName: reports, namespace: analytics, scopes: [events, "users:read"]}]}},
             image: {registry: "registry.example.com:5000/team", tag: "2.0.0", pullPolicy: Always, pullSecrets: [{name: pull}]},
             networkPolicy: {ingressFrom: [{namespaceSelector: {matchLabels: {a: b}}}],
                             observeFrom: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}],
                             postgresTo: [{podSelector: {matchExpressions: [{key: a, operator: In, values: [b]}]}}], postgresPort: 6432,
                             kubernetesApiTo: [{ipBlock: {cidr: 198.51.100.1/32}}], kubernetesApiPorts: [6443]},
             ingress: {enabled: true, className: nginx, host: tasks.example.com, annotations: {a: b}, tls: {secretName: cert}},
             userService: {autoscaling: {minReplicas: 2, maxReplicas: 4, targetCPUUtilizationPercentage: 60},
                           resources: {requests: {cpu: "0.5", memory: 0.25Gi}, limits: {cpu: 2, memory: 512Mi}},
                           config: {logLevel: DEBUG, registrationMode: closed, accessTokenLifetime: PT5M, idTokenLifetime: PT5M,
                                    refreshIdleLifetime: P1D, sessionLifetime: P30D, refreshGrace: PT0S, keyRotationPeriod: P7D,
                                    passwordMinLength: 12, argon2: {memoryKib: 19456, iterations: 3, parallelism: 1},
                                    hashingMemoryMib: 64, auditRetention: P730D, eventRetention: P7D, throttle: {account: {failures: 5, window: PT5M, lock: PT1H}, address: {failures: 50}},
                                    rate: {requestsPerSecond: 10, burst: 20}, trustedProxies: [10.0.0.0/8]}},
             taskService: {replicas: 3, service: {type: LoadBalancer, nodePort: 31234}, config: {logLevel: WARN},
                           env: [{name: A, value: "1"}, {name: EMPTY}, {name: B, valueFrom: {secretKeyRef: {name: db, key: host, optional: true}}}],
                           podTemplate: {labels: {team: blue}, annotations: {note: "yes"}, nodeSelector: {disk: ssd},
                                         tolerations: [{key: k, operator: Exists, effect: NoExecute, tolerationSeconds: 60}],
                                         affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [
                                           {weight: 1, podAffinityTerm: {topologyKey: t, labelSelector: {matchLabels: {a: b}}}}]}}}}}
            """;

    ApplyIT(KubeApi.Server api) {
        super(api);
    }

    @ParameterizedTest
    @ValueSource(strings = {EMBEDDED, POSTGRES, EVERYTHING})
    void aSecondLookWritesNothing(String spec) {
        createConnection();
        createReady("demo", spec);
        lookAgain("demo");
        List<String> writes = operator.writes();
        Map<String, String> versions = versions();

        lookAgain("demo");

        assertThat(operator.writes()).isEqualTo(writes);
        assertThat(versions()).isEqualTo(versions);
    }

    @ParameterizedTest
    @ValueSource(strings = {EMBEDDED, EVERYTHING})
    void eachObjectThatIsDeletedComesBack(String spec) {
        createConnection();
        createReady("demo", spec);

        for (GenericKubernetesResource child : children("demo")) {
            String uid = child.getMetadata().getUid();
            // The API server holds a volume claim back while a pod uses it.
            client.resource(child)
                    .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\": {\"finalizers\": null}}");
            client.resource(child).delete();
            await(child.getKind() + " " + child.getMetadata().getName())
                    .atMost(SOON)
                    .untilAsserted(() -> assertThat(find(child))
                            .hasValueSatisfying(found ->
                                    assertThat(found.getMetadata().getUid()).isNotEqualTo(uid)));
        }
        awaitReady("demo");
    }

    @Test
    void whatOthersChangeIsRepaired() {
        createReady("demo", EMBEDDED);

        repaired(
                "image",
                () -> deployment("demo-user-service").edit(found -> {
                    found.getSpec()
                            .getTemplate()
                            .getSpec()
                            .getContainers()
                            .getFirst()
                            .setImage("example.com/other:1");
                    return found;
                }));
        repaired("replicas", () -> deployment("demo-task-service").scale(0));
        repaired(
                "label",
                () -> client.services()
                        .inNamespace(namespace)
                        .withName("demo-task-service")
                        .edit(found -> {
                            found.getMetadata().getLabels().remove("app.kubernetes.io/managed-by");
                            return found;
                        }));
        repaired(
                "owner",
                () -> client.serviceAccounts()
                        .inNamespace(namespace)
                        .withName("demo-task-service")
                        .edit(found -> {
                            found.getMetadata().setOwnerReferences(List.of());
                            return found;
                        }));
        repaired(
                "port",
                () -> client.services()
                        .inNamespace(namespace)
                        .withName("demo-user-service")
                        .edit(found -> {
                            found.getSpec().getPorts().getFirst().setTargetPort(new IntOrString(1234));
                            return found;
                        }));
        repaired(
                "data",
                () -> client.configMaps()
                        .inNamespace(namespace)
                        .withName("demo-task-service")
                        .edit(found -> {
                            found.getData().replaceAll((name, value) -> "server: {port: 1}");
                            return found;
                        }));
        repaired(
                "rule",
                () -> client.network()
                        .networkPolicies()
                        .inNamespace(namespace)
                        .withName("demo-task-service")
                        .edit(found -> {
                            found.getSpec().setIngress(List.of());
                            return found;
                        }));
        awaitReady("demo");
    }

    @Test
    void fieldsOfOthersAreLeftAlone() {
        createReady("demo", EMBEDDED);
        deployment("demo-user-service").edit(found -> {
            found.getSpec()
                    .getTemplate()
                    .getMetadata()
                    .getAnnotations()
                    .put("kubectl.kubernetes.io/restartedAt", "now");
            return found;
        });
        lookAgain("demo");

        patch("demo", "{\"compatibility\": {\"simpleApi\": true}}");
        awaitReady("demo");

        assertThat(deployment("demo-user-service")
                        .get()
                        .getSpec()
                        .getTemplate()
                        .getMetadata()
                        .getAnnotations())
                .containsEntry("kubectl.kubernetes.io/restartedAt", "now");
    }

    @Test
    void whatIsAskedForNoLongerIsDeleted() {
        createConnection();
        createReady("demo", EVERYTHING);
        assertThat(kinds()).contains("Ingress", "NetworkPolicy", "HorizontalPodAutoscaler", "PodDisruptionBudget");

        patch("demo", """
                {"ingress": null, "networkPolicy": {"enabled": false},
                 "userService": {"autoscaling": null, "replicas": 1}, "taskService": {"replicas": 1}}""");
        awaitReady("demo");

        assertThat(kinds())
                .doesNotContain("Ingress", "NetworkPolicy", "HorizontalPodAutoscaler", "PodDisruptionBudget")
                .contains("Deployment", "Service", "ConfigMap", "ServiceAccount", "Secret");
    }

    @Test
    void anotherResourcesObjectsAreNotTouched() {
        createReady("demo", EMBEDDED);
        createReady("demo-2", EMBEDDED);
        Map<String, String> versions = versions();

        patch("demo-2", "{\"networkPolicy\": {\"enabled\": false}}");
        awaitReady("demo-2");

        assertThat(versions()).isEqualTo(versions);
    }

    @Test
    void aForeignObjectIsNeverTakenOver() {
        var foreign = client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("demo-user-service")
                        .withNamespace(namespace)
                        .endMetadata()
                        .addToData("mine", "yes")
                        .build())
                .create();

        create("demo", EMBEDDED);
        var ready =
                awaitCondition("demo", "Ready", condition -> condition.reason().equals("NameTaken"));

        assertThat(ready.status()).isEqualTo("False");
        assertThat(ready.message()).contains("ConfigMap demo-user-service", "delete it", "kubectl label configmap");
        assertThat(client.resource(foreign).get().getMetadata().getResourceVersion())
                .isEqualTo(foreign.getMetadata().getResourceVersion());

        client.resource(foreign).delete();
        awaitReady("demo");
    }

    @Test
    void aForeignObjectCanBeHandedOver() {
        var foreign = client.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("demo-user-service")
                        .withNamespace(namespace)
                        .endMetadata()
                        .build())
                .create();
        create("demo", EMBEDDED);
        awaitCondition("demo", "Ready", condition -> condition.reason().equals("NameTaken"));

        client.resource(foreign).edit(found -> {
            found.getMetadata()
                    .setLabels(Map.of(
                            "app.kubernetes.io/managed-by",
                            "taskplatform-operator",
                            "app.kubernetes.io/instance",
                            "demo"));
            return found;
        });

        awaitReady("demo");
        assertThat(client.resource(foreign).get().getMetadata().getOwnerReferences())
                .hasSize(1);
    }

    /** Does the damage, and waits until the object is as it was. */
    private void repaired(String what, Runnable damage) {
        Map<String, Object> before = specs();
        damage.run();
        await(what).atMost(SOON).untilAsserted(() -> assertThat(specs()).isEqualTo(before));
    }

    private Map<String, Object> specs() {
        return children("demo").stream()
                .collect(Collectors.toMap(
                        ApplyIT::id,
                        child -> List.of(
                                child.getAdditionalProperties().entrySet().stream()
                                        .filter(field -> !field.getKey().equals("status"))
                                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
                                child.getMetadata().getLabels(),
                                child.getMetadata().getOwnerReferences())));
    }

    private Map<String, String> versions() {
        return children("demo").stream()
                .filter(child -> !child.getKind().equals("ConfigMap"))
                .collect(Collectors.toMap(
                        ApplyIT::id, child -> child.getMetadata().getResourceVersion()));
    }

    private List<String> kinds() {
        return children("demo").stream().map(GenericKubernetesResource::getKind).toList();
    }

    private static String id(GenericKubernetesResource child) {
        return child.getKind() + "/" + child.getMetadata().getName();
    }
}
