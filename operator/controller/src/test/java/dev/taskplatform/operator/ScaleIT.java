// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.api.TaskPlatformStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many resources at once, with the operator as a process of its own that has the memory of the chart's pod. {@code -Dscale.resources}
 * says how many.
 */
@ExtendWith(KubeApi.class)
class ScaleIT {

    private static final int RESOURCES = Integer.getInteger("scale.resources", 100);
    private static final Duration LONG = Duration.ofMinutes(8);
    private static final int EDITS = 40;

    /** Those of the image, and the memory limit of the chart's pod. */
    private static final List<String> FLAGS =
            List.of("-XX:+UseSerialGC", "-XX:MaxRAM=512m", "-XX:MaxRAMPercentage=40", "-XX:TieredStopAtLevel=1");

    private final KubeApi.Server api;
    private final KubernetesClient client;

    @TempDir
    Path directory;

    ScaleIT(KubeApi.Server api) {
        this.api = api;
        this.client = api.client();
    }

    @Test
    void whatManyResourcesHaveIsNotWrittenAgain() throws IOException, InterruptedException {
        String namespace = api.namespace("scale");
        var settings = Map.of(
                "WATCH_NAMESPACES",
                namespace,
                "MALLOC_ARENA_MAX",
                "2",
                "LEADER_ELECTION_LEASE",
                "",
                "LOG_LEVEL",
                "WARN");
        var workloads = new BulkWorkloads(client, namespace);
        try (var operator = OperatorProcess.start(api.kubeconfig(), directory, FLAGS, settings)) {
            operator.awaitReady();
            long idle = operator.residentMib();
            long start = System.nanoTime();
            make(namespace);
            await().atMost(LONG).pollInterval(Duration.ofSeconds(2)).until(() -> ready(namespace) == RESOURCES);
            Duration made = Duration.ofNanos(System.nanoTime() - start);

            awaitQuiet(operator);
            double writes = operator.metric("taskplatform_api_writes_total");
            double reconciliations = operator.metric("taskplatform_reconciliations_total");
            touchAll(namespace);
            await().atMost(LONG)
                    .until(() -> operator.metric("taskplatform_reconciliations_total") >= reconciliations + RESOURCES);
            assertThat(operator.metric("taskplatform_api_writes_total"))
                    .as("what is as it should be is not written")
                    .isEqualTo(writes);

            List<Duration> edits = edits(namespace);
            long resident = operator.residentMib();
            System.out.printf(
                    "%d resources: made in %d s; edit to applied %d ms (median), %d ms (worst of %d); %d MiB, %d MiB when idle%n",
                    RESOURCES,
                    made.toSeconds(),
                    edits.get(edits.size() / 2).toMillis(),
                    edits.getLast().toMillis(),
                    EDITS,
                    resident,
                    idle);
        } finally {
            workloads.close();
        }
    }

    private void make(String namespace) {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            IntStream.range(0, RESOURCES)
                    .forEach(number ->
                            threads.execute(() -> api.create(namespace, "team-" + number, OnKubeApi.EMBEDDED)));
        }
    }

    private long ready(String namespace) {
        return client.resources(TaskPlatform.class).inNamespace(namespace).list().getItems().stream()
                .filter(resource -> resource.getStatus() != null
                        && resource.getStatus().revision() != null
                        && isReady(resource.getStatus()))
                .count();
    }

    private static boolean isReady(TaskPlatformStatus status) {
        return status.conditions().stream()
                .anyMatch(condition ->
                        condition.type().equals("Ready") && condition.status().equals("True"));
    }

    /** Changes something of every resource's objects that is none of the operator's business. */
    private void touchAll(String namespace) {
        IntStream.range(0, RESOURCES)
                .forEach(number -> client.configMaps()
                        .inNamespace(namespace)
                        .withName("team-" + number + "-user-service")
                        .patch(
                                PatchContext.of(PatchType.JSON_MERGE),
                                "{\"metadata\": {\"annotations\": {\"example.com/touched\": \"yes\"}}}"));
    }

    private List<Duration> edits(String namespace) {
        List<Duration> taken = new ArrayList<>();
        for (int edit = 0; edit < EDITS; edit++) {
            String name = "team-" + edit * RESOURCES / EDITS;
            long start = System.nanoTime();
            client.resources(TaskPlatform.class)
                    .inNamespace(namespace)
                    .withName(name)
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"spec\": {\"userService\": {\"config\": {\"passwordMinLength\": 11}}}}");
            await().pollInterval(Duration.ofMillis(5))
                    .pollDelay(Duration.ZERO)
                    .until(() -> client.configMaps()
                            .inNamespace(namespace)
                            .withName(name + "-user-service")
                            .get()
                            .getData()
                            .get("application.yaml")
                            .contains("min-length: 11"));
            taken.add(Duration.ofNanos(System.nanoTime() - start));
        }
        Collections.sort(taken);
        return taken;
    }

    private static void awaitQuiet(OperatorProcess operator) {
        double[] seen = {-1};
        await().atMost(LONG).pollInterval(Duration.ofSeconds(3)).until(() -> {
            double now = operator.metric("taskplatform_reconciliations_total");
            boolean quiet = now == seen[0];
            seen[0] = now;
            return quiet;
        });
    }
}
