// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a resource may say under a path, the chart's values may say too, within the same limits, and the other way round. */
class SameSettingsTest {

    private final JsonNode values =
            Serialization.unmarshal(Chart.TASKPLATFORM.file("values.schema.json"), JsonNode.class);
    private final JSONSchemaProps spec = Serialization.unmarshal(
                    Chart.OPERATOR.file("files/crds/taskplatforms.taskplatform.dev.yaml"),
                    CustomResourceDefinition.class)
            .getSpec()
            .getVersions()
            .getFirst()
            .getSchema()
            .getOpenAPIV3Schema()
            .getProperties()
            .get("spec");

    /** What the operator does by itself. */
    private static final Set<String> OPERATORS_OWN = Set.of("/database/embedded/restore");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/userService/config",
                "/taskService/config",
                "/admin",
                "/serviceAuthentication",
                "/compatibility",
                "/database",
                "/backup/persistentVolumeClaim",
                "/backup/s3"
            })
    void underThePath(String path) {
        JSONSchemaProps ofResource = spec;
        JsonNode ofValues = values;
        for (String name : path.substring(1).split("/")) {
            ofResource = ofResource.getProperties().get(name);
            ofValues = property(ofValues, name);
        }
        List<String> differences = new ArrayList<>();
        compare(path, ofResource, ofValues, differences);
        assertThat(differences).isEmpty();
    }

    private void compare(String path, JSONSchemaProps ofResource, JsonNode ofValues, List<String> differences) {
        Set<String> names = new TreeSet<>(ofResource.getProperties().keySet());
        names.removeIf(name -> OPERATORS_OWN.contains(path + "/" + name));
        ofValues.path("properties").fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            JSONSchemaProps resource = ofResource.getProperties().get(name);
            JsonNode value = property(ofValues, name);
            if (resource == null || value.isMissingNode()) {
                differences.add(path + "/" + name + " is in one only");
            } else {
                differ(path + "/" + name, "type", resource.getType(), value.path("type"), differences);
                differ(path + "/" + name, "minimum", resource.getMinimum(), value.path("minimum"), differences);
                differ(path + "/" + name, "maximum", resource.getMaximum(), value.path("maximum"), differences);
                if (!choices(resource).equals(choices(value))) {
                    differences.add("%s: %s and %s".formatted(path + "/" + name, choices(resource), choices(value)));
                }
                compare(path + "/" + name, resource, value, differences);
            }
        }
    }

    private static void differ(
            String path, String what, Object ofResource, JsonNode ofValues, List<String> differences) {
        Object value =
                ofValues.isMissingNode() ? null : ofValues.isNumber() ? ofValues.doubleValue() : ofValues.asText();
        if (ofResource == null ? value != null : !ofResource.equals(value)) {
            differences.add("%s: %s %s and %s".formatted(path, what, ofResource, value));
        }
    }

    private static Set<String> choices(JSONSchemaProps schema) {
        return schema.getEnum() == null
                ? Set.of()
                : schema.getEnum().stream().map(JsonNode::asText).collect(Collectors.toSet());
    }

    private static Set<String> choices(JsonNode schema) {
        return schema.path("enum").valueStream().map(JsonNode::asText).collect(Collectors.toSet());
    }

    private JsonNode property(JsonNode schema, String name) {
        JsonNode property = schema.path("properties").path(name);
        return property.has("$ref") ? values.at(property.get("$ref").asText().substring(1)) : property;
    }
}
