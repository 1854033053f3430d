// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Resources of the definition before are served by this one, and nothing of them is lost. */
class CrdUpgradeIT extends OnKubeApi {

    private static final String SPEC = """
            {database: {postgres: {secretName: db}}, replicas: 2, deletionPolicy: Delete, issuer: "https://id.example.com",
             userService: {config: {logLevel: DEBUG, argon2: {iterations: 3}}, env: [{name: A, value: "1"}]},
             taskService: {replicas: 3, podTemplate: {labels: {team: blue}}}}""";

    CrdUpgradeIT(KubeApi.Server api) {
        super(api);
    }

    @Test
    void aResourceOfTheDefinitionBeforeGoesOn() throws IOException {
        var present = definition().get();
        operator.close();
        try {
            replace(before());
            createConnection();
            create("demo", SPEC);
            Map<String, Object> spec = resource().get("spec");

            replace(present);
            operator = new RunningOperator(api.operatorConfig(), namespace);
            awaitReady("demo");

            assertThat(resource().<Map<String, Object>>get("spec")).isEqualTo(spec);
            awaitRevision("demo");
        } finally {
            replace(present);
        }
    }

    private static CustomResourceDefinition before() throws IOException {
        try (InputStream file = CrdUpgradeIT.class.getResourceAsStream("/released/taskplatforms.yaml")) {
            return Serialization.unmarshal(file, CustomResourceDefinition.class);
        }
    }

    private Resource<CustomResourceDefinition> definition() {
        return client.apiextensions().v1().customResourceDefinitions().withName("taskplatforms.taskplatform.dev");
    }

    /** Takes effect a moment after it is stored: until then the API server knows the fields of the other. */
    private void replace(CustomResourceDefinition wanted) {
        definition().edit(found -> {
            found.setSpec(wanted.getSpec());
            return found;
        });
        boolean plans = Serialization.asJson(wanted).contains("planRevision");
        await().atMost(SOON).until(() -> {
            String published = client.raw("/openapi/v3/apis/taskplatform.dev/v1alpha1");
            return published != null && published.contains("planRevision") == plans;
        });
    }

    private GenericKubernetesResource resource() {
        return client.genericKubernetesResources("taskplatform.dev/v1alpha1", "TaskPlatform")
                .inNamespace(namespace)
                .withName("demo")
                .get();
    }
}
