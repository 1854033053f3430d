// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.status.Rollout;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretList;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is kept in memory of an object, and what is not. */
class TrimmedTest {

    private static final String METADATA = """
            metadata:
              name: demo-user-service
              namespace: blue
              resourceVersion: "7"
              labels: {app.kubernetes.io/instance: demo, app.kubernetes.io/name: user-service, app.kubernetes.io/managed-by: taskplatform-operator, more: x}
              annotations: {taskplatform.dev/applied: a, other: b}
              managedFields:
                - {manager: taskplatform-operator, operation: Apply, apiVersion: v1, fieldsV1: {"f:data": {}}}
                - {manager: kubectl, operation: Update, apiVersion: v1, fieldsV1: {"f:spec": {}}}
            """;

    private final KubernetesSerialization serialization = Trimmed.serialization();

    @Test
    void aResourceIsWholeButForManagedFields() {
        TaskPlatform resource = serialization.unmarshal("""
                apiVersion: taskplatform.dev/v1alpha1
                kind: TaskPlatform
                %sspec: {replicas: 2, database: {postgres: {secretName: db}}}
                status: {observedGeneration: 3}
                """.formatted(METADATA), TaskPlatform.class);

        assertThat(resource.getSpec().database().postgres().secretName()).isEqualTo("db");
        assertThat(resource.getStatus().observedGeneration()).isEqualTo(3);
        assertThat(resource.getMetadata().getAnnotations()).containsKey("other");
        assertThat(resource.getMetadata().getManagedFields()).isEmpty();
    }

    @Test
    void whatIsReadAsSomethingElseFirstLosesNothing() {
        var generic = serialization.unmarshal("""
                apiVersion: taskplatform.dev/v1alpha1
                kind: TaskPlatform
                %sspec: {replicas: 2}
                """.formatted(METADATA), GenericKubernetesResource.class);

        assertThat(generic.<Integer>get("spec", "replicas")).isEqualTo(2);
    }

    @Test
    void aChildKeepsWhatTellsWhetherItIsAsItShouldBe() {
        var map = serialization.unmarshal(
                "apiVersion: v1\nkind: ConfigMap\n" + METADATA + "data: {a: b}\n", GenericKubernetesResource.class);

        assertThat(map.getAdditionalProperties()).isEmpty();
        assertThat(map.getMetadata().getLabels())
                .containsOnlyKeys(
                        "app.kubernetes.io/instance", "app.kubernetes.io/name", "app.kubernetes.io/managed-by");
        assertThat(map.getMetadata().getAnnotations()).containsOnlyKeys("taskplatform.dev/applied");
        assertThat(map.getMetadata().getManagedFields())
                .extracting(ManagedFieldsEntry::getManager)
                .containsExactly("taskplatform-operator");
        assertThat(map.getMetadata().getResourceVersion()).isEqualTo("7");
    }

    @Test
    void aDeploymentKeepsItsNumbersImagesAndStatus() {
        var generic = serialization.unmarshal("""
                apiVersion: apps/v1
                kind: Deployment
                %sspec:
                  replicas: 2
                  template:
                    metadata: {labels: {app.kubernetes.io/version: "1"}}
                    spec: {nodeSelector: {a: b}, containers: [{name: c, image: i, env: [{name: A}]}]}
                status: {replicas: 2, updatedReplicas: 2, availableReplicas: 2}
                """.formatted(METADATA), GenericKubernetesResource.class);

        Deployment deployment = Serialization.unmarshal(Serialization.asJson(generic), Deployment.class);
        deployment.getMetadata().setGeneration(0L);
        assertThat(Rollout.of(deployment)).isEqualTo(new Rollout(2, 2, true));
        assertThat(deployment.getSpec().getTemplate().getSpec().getNodeSelector())
                .isEmpty();
        assertThat(deployment.getSpec().getTemplate().getSpec().getContainers())
                .singleElement()
                .satisfies(container -> {
                    assertThat(container.getImage()).isEqualTo("i");
                    assertThat(container.getEnv()).isEmpty();
                });
    }

    @Test
    void aPodKeepsItsStatusAndASecretNothing() {
        Pod pod = serialization.unmarshal(
                "apiVersion: v1\nkind: Pod\n" + METADATA + "spec: {nodeName: n}\nstatus: {phase: Running}\n",
                Pod.class);
        Secret secret = serialization.unmarshal(
                "apiVersion: v1\nkind: Secret\n"
                        + METADATA.replace("managed-by: taskplatform-operator", "managed-by: me")
                        + "data: {password: eA==}\n",
                Secret.class);

        assertThat(pod.getSpec()).isNull();
        assertThat(pod.getStatus().getPhase()).isEqualTo("Running");
        assertThat(secret.getData()).isNullOrEmpty();
        assertThat(secret.getMetadata().getManagedFields()).isEmpty();
        assertThat(secret.getMetadata().getResourceVersion()).isEqualTo("7");
    }

    @Test
    void whatIsInAListIsTrimmedByTheKindOfTheList() {
        var list = serialization.unmarshal("""
                apiVersion: v1
                kind: ConfigMapList
                items: [{metadata: {name: a, labels: {more: x}}, data: {a: b}}]
                """, GenericKubernetesResourceList.class);

        assertThat(list.getItems()).singleElement().satisfies(map -> {
            assertThat(map.getKind()).isEqualTo("ConfigMap");
            assertThat(map.getApiVersion()).isEqualTo("v1");
            assertThat(map.getMetadata().getLabels()).isEmpty();
            assertThat(map.getAdditionalProperties()).isEmpty();
        });
    }

    @Test
    void whatIsTheSameInTwoObjectsIsThereOnce() {
        String map = "apiVersion: v1\nkind: ConfigMap\n" + METADATA;
        var one = serialization.unmarshal(map, GenericKubernetesResource.class).getMetadata();
        var other =
                serialization.unmarshal(map, GenericKubernetesResource.class).getMetadata();

        assertThat(other.getLabels()).isSameAs(one.getLabels());
        assertThat(other.getManagedFields().getFirst().getFieldsV1().getAdditionalProperties())
                .isEqualTo(Map.of("f:data", Map.of()))
                .isSameAs(one.getManagedFields().getFirst().getFieldsV1().getAdditionalProperties());
    }

    @Test
    void anEmptyListOfMetadataIsAList() {
        SecretList list = serialization.unmarshal(
                "{\"kind\":\"PartialObjectMetadataList\",\"apiVersion\":\"meta.k8s.io/v1\",\"items\":null}",
                SecretList.class);

        assertThat(list.getItems()).isEmpty();
    }
}
