// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.operator.api.TaskPlatform;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What in a resource has no effect, or is likely not meant. */
class WarningsTest {

    private final Warnings warnings = new Warnings();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {replicas: 3, userService: {replicas: 1}, taskService: {autoscaling: {maxReplicas: 2}}} | spec.replicas has no effect
            {image: {tag: latest}}                                 | spec.image.tag is latest
            {ingress: {enabled: true}}                             | spec.issuer is not set
            {httpRoute: {enabled: true}}                           | spec.issuer is not set
            {networkPolicy: {enabled: false}}                      | spec.networkPolicy.enabled is false
            """)
    void saysWhatIsLikelyNotMeant(String spec, String warning) {
        assertThat(warnings.of(resource(spec)))
                .singleElement()
                .satisfies(found -> assertThat(found).startsWith(warning));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {replicas: 3, userService: {replicas: 1}}
            {replicas: 1, userService: {replicas: 1}, taskService: {replicas: 1}}
            {image: {tag: 1.0.0}}
            {ingress: {enabled: true}, issuer: "https://a.example.com"}
            {ingress: {enabled: false}}
            {networkPolicy: {enabled: true}}
            """)
    void saysNothingOfWhatIsUsual(String spec) {
        assertThat(warnings.of(resource(spec))).isEmpty();
    }

    @Test
    void aFieldThatTheApiServerDroppedIsNamed() {
        TaskPlatform resource = resource("{replicas: 1}");
        resource.getMetadata().setAnnotations(Map.of("kubectl.kubernetes.io/last-applied-configuration", """
                        {"spec": {"replica": 2, "replicas": 1, "userServce": {"config": {"x": [1]}},
                                  "taskService": {"config": {"logLvl": "INFO", "logLevel": "INFO"}, "env": [{"name": "A", "valu": "1"}]},
                                  "userService": {"podTemplate": {"labels": {"any": "name"}}}}}"""));

        assertThat(warnings.of(resource))
                .containsExactlyInAnyOrder(
                        "spec.replica is no field of a TaskPlatform and was ignored: is it misspelt?",
                        "spec.userServce is no field of a TaskPlatform and was ignored: is it misspelt?",
                        "spec.taskService.config.logLvl is no field of a TaskPlatform and was ignored: is it misspelt?",
                        "spec.taskService.env[0].valu is no field of a TaskPlatform and was ignored: is it misspelt?");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # what somebody left in the annotation
            no JSON
            {"spec": "text"}
            {}
            {"spec": {"replicas": "many"}}
            """)
    void anAnnotationThatIsNoResourceIsLeftAlone(String given) {
        TaskPlatform resource = resource("{replicas: 1}");
        resource.getMetadata().setAnnotations(Map.of("kubectl.kubernetes.io/last-applied-configuration", given));

        assertThat(warnings.of(resource)).isEmpty();
    }

    @Test
    void thereAreTenAtMost() {
        TaskPlatform resource = resource("{image: {tag: latest}}");
        resource.getMetadata()
                .setAnnotations(
                        Map.of(
                                "kubectl.kubernetes.io/last-applied-configuration",
                                "{\"spec\": {\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"j\":1,\"k\":1}}"));

        assertThat(warnings.of(resource)).hasSize(10);
    }

    private static TaskPlatform resource(String spec) {
        return Serialization.unmarshal("""
                apiVersion: taskplatform.dev/v1alpha1
                kind: TaskPlatform
                metadata: {name: demo, namespace: blue}
                spec: %s
                """.formatted(spec), TaskPlatform.class);
    }
}
