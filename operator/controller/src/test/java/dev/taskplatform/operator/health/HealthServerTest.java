// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.api.TaskPlatformBackup;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.monitoring.Metrics.ControllerExecution;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthServerTest {

    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final AtomicBoolean ready = new AtomicBoolean();
    private final MovableClock clock = new MovableClock();
    private final OperatorMetrics metrics = new OperatorMetrics(clock);
    private final HttpClient http = HttpClient.newHttpClient();
    private HealthServer server;

    @BeforeEach
    void start() throws IOException {
        server = new HealthServer(0, () -> !metrics.isStuck(LIMIT), ready::get, metrics);
    }

    @AfterEach
    void stop() {
        server.close();
        http.close();
        metrics.close();
    }

    @Test
    void readinessFollowsTheOperator() throws Exception {
        assertThat(get("/readyz").statusCode()).isEqualTo(503);

        ready.set(true);

        assertThat(get("/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void aReconciliationThatHangsMakesTheProcessUnhealthy() throws Exception {
        metrics.timeControllerExecution(new Execution() {
            @Override
            public Object execute() throws Exception {
                assertThat(get("/healthz").statusCode()).isEqualTo(200);
                clock.now = clock.now.plus(LIMIT).plusSeconds(1);
                assertThat(get("/healthz").statusCode()).isEqualTo(503);
                return null;
            }
        });

        assertThat(get("/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void metricsAreInTheTextFormat() throws Exception {
        metrics.finishedReconciliation(resource(), Map.of());
        clock.now = clock.now.plusSeconds(90);

        HttpResponse<String> response = get("/metrics");

        assertThat(response.headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(response.body())
                .contains("taskplatform_reconciliations_total{result=\"success\"} 1.0")
                .contains("taskplatform_last_success_age_seconds{name=\"demo\",namespace=\"blue\"} 90.0")
                .contains("jvm_memory_used_bytes");
    }

    @Test
    void anEventThatNobodyTakesMakesTheLeaderUnhealthy() throws Exception {
        metrics.receivedEvent(new Event(new ResourceID("demo", "blue")), Map.of());
        clock.now = clock.now.plus(LIMIT).plusSeconds(1);
        assertThat(get("/healthz").statusCode()).as("a standby does nothing").isEqualTo(200);

        metrics.leads();
        assertThat(get("/healthz").statusCode()).as("its turn begins now").isEqualTo(200);
        clock.now = clock.now.plus(LIMIT).plusSeconds(1);
        assertThat(get("/healthz").statusCode()).isEqualTo(503);
        assertThat(get("/metrics").body()).contains("taskplatform_queue_age_seconds 301.0");

        metrics.timeControllerExecution(new Execution() {
            @Override
            public Object execute() {
                return null;
            }
        });
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void aResourceThatIsGoneHasNoSeries() throws Exception {
        metrics.finishedReconciliation(resource(), Map.of());
        metrics.cleanupDoneFor(
                new ResourceID("demo", "blue"),
                Map.of(Constants.RESOURCE_GVK_KEY, GroupVersionKind.gvkFor(TaskPlatformBackup.class)));
        assertThat(get("/metrics").body())
                .as("a backup of the same name is another thing")
                .contains("taskplatform_last_success_age_seconds{");
        metrics.cleanupDoneFor(
                new ResourceID("demo", "blue"),
                Map.of(Constants.RESOURCE_GVK_KEY, GroupVersionKind.gvkFor(TaskPlatform.class)));

        assertThat(get("/metrics").body()).doesNotContain("taskplatform_last_success_age_seconds{");
    }

    private static TaskPlatform resource() {
        var resource = new TaskPlatform();
        resource.setMetadata(
                new ObjectMetaBuilder().withName("demo").withNamespace("blue").build());
        return resource;
    }

    @Test
    void otherPathsAndMethodsAreRefused() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(404);
        HttpResponse<Void> response = http.send(
                HttpRequest.newBuilder(uri("/healthz"))
                        .POST(HttpRequest.BodyPublishers.ofString("x"))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).contains("GET");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://localhost:" + server.port() + path);
    }

    private abstract static class Execution implements ControllerExecution<Object> {
        @Override
        public String name() {
            return "reconcile";
        }

        @Override
        public String controllerName() {
            return "taskplatform";
        }

        @Override
        public String successTypeName(Object result) {
            return "none";
        }

        @Override
        public ResourceID resourceID() {
            return new ResourceID("demo", "blue");
        }

        @Override
        public Map<String, Object> metadata() {
            return Map.of();
        }
    }

    private static final class MovableClock extends Clock {
        private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }
}
