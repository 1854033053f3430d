// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import dev.taskplatform.operator.cache.MetadataOnly;
import dev.taskplatform.operator.cache.Trimmed;
import dev.taskplatform.operator.health.OperatorMetrics;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import java.util.function.Consumer;

/**
 * Makes the two clients of the operator: one that watches and keeps little of what it sees, and one that reads and writes whole
 * objects.
 */
final class Clients {

    /** Before a watch that was cut is tried again; it doubles five times, so that the cluster is seen again within 8 seconds. */
    private static final int RECONNECT_MILLIS = 250;

    private final Config config;
    private final Consumer<HttpClient.Builder> tap;
    private final OperatorMetrics metrics;

    /**
     * @param config access to the cluster
     * @param tap what else is to see the requests
     * @param metrics where requests are counted
     */
    Clients(Config config, Consumer<HttpClient.Builder> tap, OperatorMetrics metrics) {
        this.config = new ConfigBuilder(config)
                .withWatchReconnectInterval(RECONNECT_MILLIS)
                .build();
        this.tap = tap;
        this.metrics = metrics;
    }

    KubernetesClient working() {
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientBuilderConsumer(this::intercept)
                .build();
    }

    KubernetesClient watching() {
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withKubernetesSerialization(Trimmed.serialization())
                .withHttpClientBuilderConsumer(builder -> {
                    intercept(builder);
                    builder.addOrReplaceInterceptor("metadata-only", new MetadataOnly());
                })
                .build();
    }

    private void intercept(HttpClient.Builder builder) {
        builder.addOrReplaceInterceptor("metrics", metrics.requests());
        tap.accept(builder);
    }
}
