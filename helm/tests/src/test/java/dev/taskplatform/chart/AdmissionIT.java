// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The API server of KUBECONFIG accepts every object, with no warning, into a namespace of the restricted Pod Security
 * Standard. Dry runs: nothing but that namespace is written. Skipped where none is given.
 */
@EnabledIfEnvironmentVariable(named = "KUBECONFIG", matches = ".+", disabledReason = "no cluster is given")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdmissionIT {

    private final String namespace =
            "charts-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private KubernetesClient client;

    @BeforeAll
    void createNamespace() {
        client = new KubernetesClientBuilder()
                .withHttpClientBuilderConsumer(
                        builder -> builder.addOrReplaceInterceptor("warnings", new WarningCollector(warnings)))
                .build();
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                        .addToLabels("pod-security.kubernetes.io/warn", "restricted")
                        .endMetadata()
                        .build())
                .create();
    }

    @BeforeEach
    void forget() {
        warnings.clear();
    }

    @AfterAll
    void deleteNamespace() {
        client.namespaces().withName(namespace).delete();
        client.close();
    }

    @ParameterizedTest
    @EnumSource
    void acceptsTheServices(Values values) {
        assertAccepted(new Chart("taskplatform", "team", namespace).render(values.yaml()));
    }

    @Test
    void acceptsTheOperator() {
        assertAccepted(new Chart("taskplatform-operator", "chart-tests", namespace).render("{}"));
        assertAccepted(new Chart("taskplatform-operator", "chart-tests", namespace)
                .render("watchNamespaces: [%s]".formatted(namespace)));
    }

    private void assertAccepted(Rendering rendering) {
        for (HasMetadata object : rendering.all()) {
            if (client.getApiResources(object.getApiVersion()) != null) {
                client.resource(object).dryRun().forceConflicts().serverSideApply();
            }
        }
        assertThat(warnings).isEmpty();
    }

    private record WarningCollector(List<String> warnings) implements Interceptor {

        @Override
        public void after(
                HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
            warnings.addAll(response.headers("Warning"));
        }
    }
}
