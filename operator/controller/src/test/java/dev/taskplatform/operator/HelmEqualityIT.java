// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.taskplatform.operator.chart.Chart;
import dev.taskplatform.operator.chart.RenderException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * `helm install` and the resource give the same objects. They differ by design in who manages them: the label managed-by, the owner,
 * the digest of what was applied, and the Secret with the key, which a Helm release makes itself unless it is told not to.
 */
class HelmEqualityIT extends OnKubeApi {

    private static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    private final ObjectMapper yaml = new YAMLMapper();

    HelmEqualityIT(KubeApi.Server api) {
        super(api);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # spec of the resource                                        | values of the chart
            {database: {embedded: {}}}                                    | {}
            {database: {embedded: {storage: {size: 3Gi, storageClassName: fast}}}, deletionPolicy: Delete, networkPolicy: {enabled: false}} | {database: {embedded: {storage: {size: 3Gi, storageClassName: fast}}}, deletionPolicy: Delete, networkPolicy: {enabled: false}}
            {replicas: 3, database: {postgres: {secretName: db}}, compatibility: {simpleApi: true}} | {replicas: 3, database: {postgres: {secretName: db}}, compatibility: {simpleApi: true}}
            {database: {postgres: {secretName: db}}, userService: {autoscaling: {minReplicas: 2, maxReplicas: 4}, config: {logLevel: DEBUG, argon2: {iterations: 3}}}, taskService: {replicas: 2, resources: {limits: {memory: 512Mi}}, service: {type: NodePort}, podTemplate: {nodeSelector: {disk: ssd}}}} | {database: {postgres: {secretName: db}}, userService: {autoscaling: {minReplicas: 2, maxReplicas: 4}, config: {logLevel: DEBUG, argon2: {iterations: 3}}}, taskService: {replicas: 2, resources: {limits: {memory: 512Mi}}, service: {type: NodePort}, podTemplate: {nodeSelector: {disk: ssd}}}}
            {database: {embedded: {}}, ingress: {enabled: true, host: tasks.example.com, tls: {secretName: cert}}} | {ingress: {enabled: true, host: tasks.example.com, tls: {secretName: cert}}}
            """)
    void aReleaseAndAResourceGiveTheSame(String spec, String values) throws IOException, RenderException {
        createConnection();
        createReady("demo", spec);
        Map<String, Object> byResource = comparable(children("demo").stream()
                .filter(child -> !child.getKind().equals("Secret"))
                .toList());

        operator.close();
        Map<String, Object> byRelease = comparable(install(values));

        assertThat(byResource).isEqualTo(byRelease);
        operator = new RunningOperator(api.operatorConfig(), namespace);
    }

    /** Creates what `helm install` would in the place of what there is, and reads it back with the API server's defaults. */
    private List<GenericKubernetesResource> install(String values) throws IOException, RenderException {
        Map<String, Object> given = yaml.readValue(values, new TypeReference<TreeMap<String, Object>>() {});
        given.put("keys", Map.of("secretName", "demo-keys"));
        given.merge("userService", imageOf("user-service"), HelmEqualityIT::merged);
        given.merge("taskService", imageOf("task-service"), HelmEqualityIT::merged);
        return Chart.load(
                        Path.of("../../helm/taskplatform"),
                        client.getKubernetesVersion().getGitVersion(),
                        Map.of("keys", Map.of("secretName", "demo-keys")))
                .render("demo", namespace, given)
                .stream()
                .map(object -> {
                    find(object).ifPresent(this::delete);
                    return client.resource(object).create();
                })
                .toList();
    }

    private void delete(GenericKubernetesResource object) {
        client.resource(object).edit(found -> {
            found.getMetadata().setFinalizers(List.of()); // the API server holds a claim back while a pod uses it
            return found;
        });
        client.resource(object).delete();
    }

    private static Map<String, Object> imageOf(String service) {
        return Map.of("image", Map.of("repository", "registry.example.com/tp/" + service, "tag", "1.0.0"));
    }

    @SuppressWarnings("unchecked")
    private static Object merged(Object values, Object image) {
        Map<String, Object> both = new TreeMap<>((Map<String, Object>) values);
        both.putAll((Map<String, Object>) image);
        return both;
    }

    /** Everything a user cares for: spec, data, labels, annotations; without what the API server assigns. */
    private static Map<String, Object> comparable(List<GenericKubernetesResource> objects) {
        return objects.stream()
                .collect(Collectors.toMap(
                        object -> object.getKind() + "/" + object.getMetadata().getName(),
                        HelmEqualityIT::comparable,
                        (one, other) -> one,
                        TreeMap::new));
    }

    private static Object comparable(GenericKubernetesResource object) {
        Map<String, Object> fields = new TreeMap<>(object.getAdditionalProperties());
        fields.remove("status");
        if (object.getKind().equals("Service")) {
            Map<String, Object> spec = new TreeMap<>(object.<Map<String, Object>>get("spec"));
            spec.keySet().removeAll(List.of("clusterIP", "clusterIPs", "ports"));
            fields.put("spec", spec);
            fields.put("ports", ports(object));
        }
        if (object.getKind().equals("Deployment")) {
            // Helm has no way to see that the connection in a Secret changes.
            object.<Map<String, Object>>get("spec", "template", "metadata", "annotations")
                    .remove("taskplatform.dev/database-credentials");
        }
        Map<String, String> labels = new TreeMap<>(object.getMetadata().getLabels());
        labels.remove(MANAGED_BY);
        fields.put("labels", labels);
        Map<String, String> annotations = new TreeMap<>();
        if (object.getMetadata().getAnnotations() != null) {
            annotations.putAll(object.getMetadata().getAnnotations());
        }
        annotations.keySet().removeIf(name -> name.startsWith("taskplatform.dev/"));
        fields.put("annotations", annotations);
        return fields;
    }

    private static Object ports(GenericKubernetesResource service) {
        return service.<List<Map<String, Object>>>get("spec", "ports").stream()
                .map(port -> {
                    Map<String, Object> assigned = new TreeMap<>(port);
                    assigned.remove("nodePort");
                    return assigned;
                })
                .toList();
    }
}
