// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.taskplatform.operator.api.TaskPlatformSpec;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chart of this repository, with the values that the operator makes from a spec. */
class ChartTest {

    private static final Path DIRECTORY = Path.of("../../helm/taskplatform");
    private static final ImageReference USER_SERVICE = ImageReference.parse("localhost:5000/tp/user-service:1.0.0");
    private static final ImageReference TASK_SERVICE = ImageReference.parse("localhost:5000/tp/task-service:1.0.1");

    private final Chart chart = Chart.load(DIRECTORY, "v1.34.4", ChartValues.withKeySecret("probe"));
    private final ChartValues values = new ChartValues();
    private final OperandImages images = new OperandImages(USER_SERVICE, TASK_SERVICE);

    @Test
    void theOperatorsImagesAndKeySecretAreUsed() throws RenderException {
        List<GenericKubernetesResource> objects = render("{database: {embedded: {}}}");

        assertThat(image(objects, "demo-user-service")).isEqualTo("localhost:5000/tp/user-service:1.0.0");
        assertThat(image(objects, "demo-task-service")).isEqualTo("localhost:5000/tp/task-service:1.0.1");
        assertThat(objects).noneMatch(object -> object.getKind().equals("Secret"));
        assertThat(volumes(objects, "demo-user-service"))
                .anySatisfy(volume -> assertThat(volume.get("secret"))
                        .isInstanceOfSatisfying(
                                Map.class,
                                secret -> assertThat(secret.get("secretName")).isEqualTo("demo-keys")));
    }

    @Test
    void theSpecsRegistryAndTagWinOverTheOperators() throws RenderException {
        List<GenericKubernetesResource> objects =
                render("{database: {embedded: {}}, image: {registry: example.com/team, tag: 2.0.0}}");
        assertThat(image(objects, "demo-user-service")).isEqualTo("example.com/team/user-service:2.0.0");
        assertThat(image(objects, "demo-task-service")).isEqualTo("example.com/team/task-service:2.0.0");

        objects = render("{database: {embedded: {}}, image: {registry: example.com/team}}");
        assertThat(image(objects, "demo-task-service")).isEqualTo("example.com/team/task-service:1.0.1");

        objects = render("{database: {embedded: {}}, image: {tag: 2.0.0}}");
        assertThat(image(objects, "demo-task-service")).isEqualTo("localhost:5000/tp/task-service:2.0.0");
    }

    @Test
    void whatTheSpecLeavesOutIsTheChartsDefault() throws RenderException {
        assertThat(values.of(
                        spec("{replicas: 1, database: {embedded: {}}, paused: true, upgradePolicy: Manual}"),
                        images,
                        "demo-keys",
                        Map.of()))
                .isEqualTo(Map.of(
                        "replicas", 1,
                        "database", Map.of("embedded", Map.of()),
                        "keys", Map.of("secretName", "demo-keys"),
                        "image", Map.of(),
                        "userService",
                                Map.of("image", Map.of("repository", "localhost:5000/tp/user-service", "tag", "1.0.0")),
                        "taskService",
                                Map.of(
                                        "image",
                                        Map.of("repository", "localhost:5000/tp/task-service", "tag", "1.0.1"))));
    }

    @Test
    void hooksAreNoPartOfTheRelease() throws RenderException {
        assertThat(render("{database: {embedded: {}}}"))
                .isNotEmpty()
                .noneMatch(object -> object.getMetadata().getName().contains("smoke-test"))
                .noneMatch(object -> object.getKind().equals("Pod"));
    }

    @Test
    void numbersAreReadAsHelmReadsThem() throws RenderException {
        assertThat(volumes(render("{database: {embedded: {}}}"), "demo-user-service"))
                .anySatisfy(volume -> assertThat(volume.get("secret"))
                        .isInstanceOfSatisfying(
                                Map.class,
                                secret -> assertThat(secret.get("defaultMode")).isEqualTo(288)));
    }

    @Test
    void aSecondRenderGivesNewObjects() throws RenderException {
        List<GenericKubernetesResource> first = render("{database: {embedded: {}}}");
        first.forEach(object -> object.getMetadata().setName("changed"));

        assertThat(render("{database: {embedded: {}}}"))
                .noneMatch(object -> object.getMetadata().getName().equals("changed"));
    }

    @Test
    void aRefusalIsTheChartsOwnSentence() {
        for (int time = 0; time < 2; time++) { // the second answer is remembered
            assertThatExceptionOfType(RenderException.class)
                    .isThrownBy(() -> render("{replicas: 2, database: {embedded: {}}}"))
                    .withMessageStartingWith("2 replicas of ")
                    .withMessageContaining("set replicas to 1")
                    .withMessageNotContaining("--debug");
        }
    }

    @Test
    void aValueThatTheChartDoesNotKnowIsRefused() {
        assertThatExceptionOfType(RenderException.class)
                .isThrownBy(() -> chart.render("demo", "blue", Map.of("colour", "blue")))
                .withMessageContaining("colour");
    }

    @Test
    void aDirectoryWithoutAChartIsNamed(@TempDir Path empty) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Chart.load(empty, "v1.34.4", Map.of()))
                .withMessageContaining(empty.toString())
                .withMessageContaining("CHART_DIR");
    }

    @Test
    void aClusterThatIsTooOldIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Chart.load(DIRECTORY, "v1.20.0", ChartValues.withKeySecret("probe")))
                .withMessageContaining("requires kubeVersion");
    }

    private List<GenericKubernetesResource> render(String spec) throws RenderException {
        return chart.render("demo", "blue", values.of(spec(spec), images, "demo-keys", Map.of()));
    }

    private static TaskPlatformSpec spec(String yaml) {
        return Serialization.unmarshal("---\n" + yaml, TaskPlatformSpec.class);
    }

    private static GenericKubernetesResource deployment(List<GenericKubernetesResource> objects, String name) {
        return objects.stream()
                .filter(object -> object.getKind().equals("Deployment"))
                .filter(object -> object.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String image(List<GenericKubernetesResource> objects, String name) {
        return deployment(objects, name).get("spec", "template", "spec", "containers", 0, "image");
    }

    private static List<Map<String, Object>> volumes(List<GenericKubernetesResource> objects, String name) {
        return deployment(objects, name).get("spec", "template", "spec", "volumes");
    }
}
