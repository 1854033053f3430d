// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sample resources keep up with the resource's definition and with the chart. */
class SamplesTest {

    @RegisterExtension
    static final SecretsApi API = new SecretsApi();

    /** What a release of the chart has no use for. */
    private static final Set<String> OPERATORS_OWN = Set.of("paused", "upgradePolicy");

    @ParameterizedTest
    @ValueSource(strings = {"taskplatform.yaml", "taskplatform-postgres.yaml", "taskplatform-public.yaml"})
    void everyFieldIsKnownAndTheChartTakesTheSpec(String file) throws IOException {
        CustomResourceDefinition definition = Serialization.unmarshal(
                Chart.OPERATOR.file("files/crds/taskplatforms.taskplatform.dev.yaml"), CustomResourceDefinition.class);
        GenericKubernetesResource sample =
                sample(file).all(GenericKubernetesResource.class).getFirst();
        Map<String, ?> spec = new TreeMap<>(sample.<Map<String, ?>>get("spec"));

        assertKnown(
                "spec",
                spec,
                definition
                        .getSpec()
                        .getVersions()
                        .getFirst()
                        .getSchema()
                        .getOpenAPIV3Schema()
                        .getProperties()
                        .get("spec"));
        spec.keySet().removeAll(OPERATORS_OWN);
        assertThat(Chart.TASKPLATFORM.as(Rendering.nameOf(sample)).refusal(Serialization.asYaml(spec)))
                .isEmpty();
    }

    @Test
    void theDatabasesSecretIsTheOneTheResourceNames() throws IOException {
        List<HasMetadata> objects = sample("taskplatform-postgres.yaml").all();
        Secret secret = (Secret) objects.getFirst();
        GenericKubernetesResource resource = (GenericKubernetesResource) objects.getLast();
        assertThat(resource.<String>get("spec", "database", "postgres", "secretName"))
                .isEqualTo(Rendering.nameOf(secret));
        assertThat(secret.getStringData()).containsOnlyKeys("host", "port", "dbname", "username", "password");
    }

    private static Rendering sample(String file) throws IOException {
        return Rendering.parse(Files.readString(Path.of("../../k8s/samples", file)));
    }

    private static void assertKnown(String path, Map<?, ?> value, JSONSchemaProps schema) {
        if (schema.getAdditionalProperties() != null) {
            return; // names of the user's choice
        }
        value.forEach((name, field) -> {
            JSONSchemaProps property = schema.getProperties().get(name);
            assertThat(property).as(path + "." + name).isNotNull();
            if (field instanceof Map<?, ?> map) {
                assertKnown(path + "." + name, map, property);
            }
        });
    }
}
