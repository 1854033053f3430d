// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertAll;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.taskplatform.operator.api.TaskPlatform;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Goes through the resource field by field, as {@code walk.txt} says: each is set, changed, set to what is refused, and removed. The
 * cluster follows each step, and is as it was in the end.
 */
class WalkIT extends OnKubeApi {

    /** Gateway API is not there; the kind of database and its volumes can't be changed back; a pause has its own tests. */
    private static final Set<String> NOT_WALKED = Set.of("httpRoute.", "database.embedded.", "paused");

    private static final List<String> SERVICES = List.of("userService", "taskService");
    private static final String BASE = "{\"replicas\": 2, \"database\": {\"postgres\": {\"secretName\": \"db\"}}}";

    private final YAMLMapper yaml = new YAMLMapper();
    private final ObjectMapper json = new ObjectMapper();

    WalkIT(KubeApi.Server api) {
        super(api);
    }

    /** A line of the file, for one service where it stands for both. */
    private record Step(String field, String with, String first, String second, String refused, String remark) {}

    @Test
    void everyFieldIsWalked() {
        Set<String> fields = new TreeSet<>();
        var crd = client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName("taskplatforms.taskplatform.dev")
                .get();
        collect(
                crd.getSpec()
                        .getVersions()
                        .getFirst()
                        .getSchema()
                        .getOpenAPIV3Schema()
                        .getProperties()
                        .get("spec"),
                "",
                fields);
        fields.removeIf(field -> NOT_WALKED.stream().anyMatch(field::startsWith));

        assertThat(steps().map(Step::field)).containsExactlyInAnyOrderElementsOf(fields);
    }

    @Test
    void theClusterFollowsEachField() {
        connection("db");
        connection("db2");
        connection("db3");
        createReady("demo", BASE);

        assertAll(steps().map(step -> () -> walk(step)));
    }

    private void walk(Step step) {
        replace(step, null);
        Map<String, Object> before = state();

        replace(step, step.first());
        Map<String, Object> first = state();
        assertFollows(step, "first", before, first);

        replace(step, step.second());
        Map<String, Object> second = state();
        assertFollows(step, "second", step.remark().equals("same second") ? before : first, second);

        if (step.remark().equals("said")) {
            patch(step, step.refused());
            awaitCondition("demo", "Ready", condition -> condition.reason().equals("ApplyFailed"));
        } else {
            assertThatExceptionOfType(KubernetesClientException.class)
                    .as("%s: %s", step.field(), step.refused())
                    .isThrownBy(() -> patch(step, step.refused()))
                    .satisfies(e -> assertThat(e.getCode()).as(e.getMessage()).isIn(400, 422));
            assertThat(state()).as("%s: after what was refused", step.field()).isEqualTo(second);
        }

        replace(step, null);
        assertThat(state())
                .as("%s: removed", step.field())
                .isEqualTo(step.remark().equals("kept") ? second : before);
    }

    private static void assertFollows(Step step, String which, Map<String, Object> before, Map<String, Object> after) {
        boolean same = step.remark().equals("same") || step.remark().equals("same " + which);
        if (same) {
            assertThat(after).as("%s: %s", step.field(), which).isEqualTo(before);
        } else {
            assertThat(after).as("%s: %s", step.field(), which).isNotEqualTo(before);
        }
    }

    private Stream<Step> steps() {
        return lines().flatMap(line -> {
            String[] cells =
                    Arrays.stream(line.split("\\|", -1)).map(String::strip).toArray(String[]::new);
            return (cells[0].startsWith("*") ? SERVICES.stream() : Stream.of(""))
                    .map(service -> new Step(
                            cells[0].replace("*", service),
                            cells[1].replace("*:", service + ":"),
                            cells[2],
                            cells[3],
                            cells[4],
                            cells.length > 5 ? cells[5] : ""));
        });
    }

    private static Stream<String> lines() {
        try (var reader = new BufferedReader(
                new InputStreamReader(WalkIT.class.getResourceAsStream("/walk.txt"), StandardCharsets.UTF_8))) {
            return reader.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void collect(JSONSchemaProps schema, String path, Set<String> fields) {
        if (schema.getProperties() == null || schema.getProperties().isEmpty() || path.endsWith("affinity.")) {
            fields.add(path.substring(0, path.length() - 1));
            return;
        }
        schema.getProperties().forEach((name, property) -> collect(property, path + name + ".", fields));
    }

    private void replace(Step step, String value) {
        patch(step, value);
        awaitReady("demo");
    }

    /** Gives the resource the base, what the step needs, and the field's value, and nothing else. */
    private void patch(Step step, String value) {
        try {
            ObjectNode spec = (ObjectNode) json.readTree(BASE);
            if (!step.with().isEmpty()) {
                merge(spec, (ObjectNode) yaml.readTree(step.with()));
            }
            boolean needed = value == null && step.remark().equals("needed");
            if (needed && step.field().startsWith("admin.")) {
                spec.remove("admin");
            } else if (value != null) {
                put(spec, step.field().split("\\."), value);
            }
            client.resources(TaskPlatform.class)
                    .inNamespace(namespace)
                    .withName("demo")
                    .patch(
                            PatchContext.of(PatchType.JSON),
                            "[{\"op\": \"replace\", \"path\": \"/spec\", \"value\": %s}]".formatted(spec));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(step.toString(), e);
        }
    }

    private void put(ObjectNode spec, String[] path, String value) throws JsonProcessingException {
        ObjectNode at = spec;
        for (String name : Arrays.copyOf(path, path.length - 1)) {
            at = at.get(name) instanceof ObjectNode below ? below : at.putObject(name);
        }
        at.set(path[path.length - 1], yaml.readTree(value));
    }

    private static void merge(ObjectNode into, ObjectNode more) {
        more.properties().forEach(field -> {
            if (into.get(field.getKey()) instanceof ObjectNode below && field.getValue() instanceof ObjectNode above) {
                merge(below, above);
            } else {
                into.set(field.getKey(), field.getValue());
            }
        });
    }

    private Map<String, Object> state() {
        Map<String, Object> state = new TreeMap<>();
        children("demo")
                .forEach(child ->
                        state.put(child.getKind() + "/" + child.getMetadata().getName(), comparable(child)));
        return state;
    }

    private static Object comparable(GenericKubernetesResource child) {
        Map<String, Object> fields = new TreeMap<>(child.getAdditionalProperties());
        fields.remove("status");
        if (child.getKind().equals("Service")) {
            child.<List<Map<String, Object>>>get("spec", "ports")
                    .forEach(port ->
                            port.values().removeIf(value -> value instanceof Integer number && isAssigned(number)));
        }
        Map<String, String> annotations = new TreeMap<>(child.getMetadata().getAnnotations());
        annotations.keySet().removeIf(name -> name.startsWith("taskplatform.dev/"));
        return Serialization.asYaml(List.of(
                fields,
                new TreeMap<>(child.getMetadata().getLabels()),
                annotations,
                child.getMetadata().getOwnerReferences().size()));
    }

    /** Whether the API server has chosen the port on the nodes. */
    private static boolean isAssigned(int port) {
        return port >= 30_000 && port / 10 != 3_211;
    }

    private void connection(String name) {
        Map<String, String> values = new HashMap<>();
        for (String suffix : List.of("", "2", "3")) {
            values.putAll(Map.of(
                    "host" + suffix, "db" + suffix,
                    "port" + suffix, "5432",
                    "dbname" + suffix, "app",
                    "username" + suffix, "app",
                    "password" + suffix, "x" + suffix));
        }
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(namespace)
                        .endMetadata()
                        .withStringData(values)
                        .build())
                .create();
    }
}
