// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.Pluralize;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the chart taskplatform-operator renders, and the kustomize base that is made from it. */
class OperatorChartTest {

    @RegisterExtension
    static final SecretsApi API = new SecretsApi();

    private static final Set<String> OF_A_RENDERED_KIND = Set.of("get", "list", "watch", "create", "patch", "delete");

    @Test
    void lintsCleanly() {
        assertThat(Chart.OPERATOR.lint())
                .satisfies(result -> assertThat(result.isFailed())
                        .as(String.join("\n", result.getMessages()))
                        .isFalse());
    }

    @Test
    void versionIsThatOfTheImages() {
        Map<?, ?> chart = Serialization.unmarshal(Chart.OPERATOR.file("Chart.yaml"), Map.class);
        assertThat(chart.get("appVersion")).isEqualTo(System.getProperty("project.version"));
    }

    @Test
    void thePodIsRestrictedAndCoveredByAPolicy() {
        Rendering rendering = Chart.OPERATOR.render("{}");
        assertThat(rendering.pods()).singleElement().satisfies(pod -> {
            RestrictedPods.assertRestricted(pod);
            RestrictedPods.assertMounts(pod);
            RestrictedPods.assertCoveredByPolicy(pod, rendering);
            RestrictedPods.assertAdmitsExactlyItsPorts(pod, rendering);
        });
        LabelSelector selector = rendering
                .get(Deployment.class, "taskplatform-operator")
                .getSpec()
                .getSelector();
        assertThat(rendering.selectedBy(selector)).hasSize(1);
    }

    @Test
    void itReachesTheApiServerAndDnsOnly() {
        assertThat(Chart.OPERATOR
                        .render("networkPolicy: {apiServerPorts: [16443]}")
                        .get(NetworkPolicy.class, "taskplatform-operator")
                        .getSpec()
                        .getEgress())
                .flatExtracting(rule -> rule.getPorts())
                .extracting(port -> port.getPort().getIntVal())
                .containsOnly(53, 5353, 16443);
    }

    @Test
    void imagesOfTheOperandsFollowTheOperatorsUnlessGiven() {
        String version = System.getProperty("project.version");
        assertThat(environment("image: {registry: reg.example.com/a}"))
                .containsEntry("OPERAND_USER_SERVICE_IMAGE", "reg.example.com/a/user-service:" + version)
                .containsEntry("OPERAND_TASK_SERVICE_IMAGE", "reg.example.com/a/task-service:" + version);
        assertThat(environment("operands: {userService: {image: 'localhost:5000/user-service:v1'}}"))
                .containsEntry("OPERAND_USER_SERVICE_IMAGE", "localhost:5000/user-service:v1");
    }

    /** Derived from what the chart taskplatform renders: a new kind there needs a right here, and a kind that went takes its right away. */
    @Test
    void rightsAreThoseForTheRenderedKinds() {
        Map<String, Set<String>> expected = new TreeMap<>();
        Stream.of(Values.values())
                .flatMap(values -> values.render().installed().all().stream())
                .forEach(object -> expected.put(resource(object), OF_A_RENDERED_KIND));
        Set<String> ofData = Set.of("get", "list", "watch", "create", "patch");
        expected.put("/secrets", ofData);
        expected.put("/persistentvolumeclaims", ofData);
        expected.put("taskplatform.dev/taskplatforms", Set.of("get", "list", "watch"));
        expected.put("taskplatform.dev/taskplatforms/status", Set.of("patch"));
        expected.put("taskplatform.dev/taskplatforms/finalizers", Set.of("update"));
        expected.put("taskplatform.dev/taskplatformbackups", Set.of("get", "list", "watch", "create", "delete"));
        expected.put("taskplatform.dev/taskplatformbackups/status", Set.of("patch"));
        expected.put("taskplatform.dev/taskplatformbackups/finalizers", Set.of("update"));
        expected.put("batch/jobs", Set.of("get", "list", "create", "delete"));
        expected.put("/pods", Set.of("list", "watch"));
        expected.put("/events", Set.of("create", "patch"));
        expected.put("apps/controllerrevisions", OF_A_RENDERED_KIND);

        ClusterRole role = Chart.OPERATOR.render("{}").get(ClusterRole.class, "taskplatform-operator");
        assertThat(rights(role.getRules())).isEqualTo(expected);
    }

    @Test
    void servesAllNamespacesOrOnlyThoseNamed() {
        Rendering everywhere = Chart.OPERATOR.render("{}");
        assertThat(everywhere.all(ClusterRoleBinding.class)).hasSize(1);
        assertThat(everywhere.all(Role.class))
                .extracting(Rendering::nameOf)
                .containsExactly("taskplatform-operator-leader-election");

        Rendering two = Chart.OPERATOR.render("watchNamespaces: [blue, green]");
        assertThat(two.all(ClusterRole.class)).isEmpty();
        assertThat(two.all(ClusterRoleBinding.class)).isEmpty();
        assertThat(two.all(Role.class))
                .filteredOn(role -> Rendering.nameOf(role).equals("taskplatform-operator"))
                .hasSize(2)
                .allSatisfy(role -> assertThat(rights(role.getRules()))
                        .isEqualTo(rights(everywhere
                                .get(ClusterRole.class, "taskplatform-operator")
                                .getRules())));
        assertThat(two.all(RoleBinding.class))
                .extracting(binding -> binding.getMetadata().getNamespace())
                .containsExactlyInAnyOrder("blue", "green", "taskplatform-system");
        assertThat(two.all(RoleBinding.class))
                .allSatisfy(binding -> assertThat(binding.getSubjects())
                        .singleElement()
                        .satisfies(subject -> assertThat(subject.getNamespace()).isEqualTo("taskplatform-system")));
        assertThat(environment("watchNamespaces: [blue, green]")).containsEntry("WATCH_NAMESPACES", "blue,green");
    }

    @Test
    void theDefinitionsComeWithTheChartAndStay() {
        List<CustomResourceDefinition> definitions = Chart.OPERATOR.render("{}").all(CustomResourceDefinition.class);
        assertThat(definitions)
                .extracting(Rendering::nameOf)
                .containsExactlyInAnyOrder("taskplatforms.taskplatform.dev", "taskplatformbackups.taskplatform.dev");
        assertThat(definitions).allSatisfy(definition -> {
            CustomResourceDefinition expected = Serialization.unmarshal(
                    Chart.OPERATOR.file("files/crds/%s.yaml".formatted(Rendering.nameOf(definition))),
                    CustomResourceDefinition.class);
            assertThat(definition.getSpec()).isEqualTo(expected.getSpec());
            assertThat(definition.getMetadata().getAnnotations()).containsEntry("helm.sh/resource-policy", "keep");
        });
        assertThat(Chart.OPERATOR.render("crds: {keep: false}").all(CustomResourceDefinition.class))
                .hasSize(2)
                .allSatisfy(definition -> assertThat(definition.getMetadata().getAnnotations())
                        .doesNotContainKey("helm.sh/resource-policy"));
        assertThat(Chart.OPERATOR.render("crds: {enabled: false}").all(CustomResourceDefinition.class))
                .isEmpty();
    }

    @Test
    void theKustomizeBaseIsWhatTheChartRenders() throws IOException {
        Path base = Path.of("../../k8s/operator");
        List<HasMetadata> generated =
                Rendering.parse(Files.readString(base.resolve("operator.yaml"))).all();
        List<HasMetadata> rendered =
                Chart.OPERATOR.render("crds: {keep: false}").all();
        rendered.forEach(object -> object.getMetadata()
                .getLabels()
                .keySet()
                .removeAll(Set.of("helm.sh/chart", "app.kubernetes.io/managed-by")));
        assertThat(generated).as("run k8s/operator/generate.sh").containsExactlyInAnyOrderElementsOf(rendered);

        Namespace namespace =
                Serialization.unmarshal(Files.readString(base.resolve("namespace.yaml")), Namespace.class);
        assertThat(namespace.getMetadata().getName()).isEqualTo(Chart.OPERATOR.namespace());
        assertThat(namespace.getMetadata().getLabels())
                .containsEntry("pod-security.kubernetes.io/enforce", "restricted");
    }

    private static Map<String, String> environment(String values) {
        Pod pod = Chart.OPERATOR.render(values).pods().getFirst();
        return pod.getSpec().getContainers().getFirst().getEnv().stream()
                .filter(variable -> variable.getValue() != null)
                .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
    }

    private static String resource(HasMetadata object) {
        String version = object.getApiVersion();
        String group = version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
        return group + "/" + Pluralize.toPlural(object.getKind().toLowerCase());
    }

    private static Map<String, Set<String>> rights(List<PolicyRule> rules) {
        Map<String, Set<String>> rights = new TreeMap<>();
        for (PolicyRule rule : rules) {
            for (String group : rule.getApiGroups()) {
                for (String resource : rule.getResources()) {
                    rights.put(group + "/" + resource, new TreeSet<>(rule.getVerbs()));
                }
            }
        }
        return rights;
    }
}
