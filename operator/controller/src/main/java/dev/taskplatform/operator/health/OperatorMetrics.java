// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.health;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts reconciliations, and knows which of them has been running for long. No series per resource. */
public final class OperatorMetrics implements Metrics, AutoCloseable {

    private static final String RECONCILIATIONS = "taskplatform_reconciliations";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Counter succeeded = reconciliations("success");
    private final Counter failed = reconciliations("failure");
    private final Timer duration = Timer.builder("taskplatform_reconciliation")
            .description("Time that a reconciliation took")
            .serviceLevelObjectives(
                    Duration.ofMillis(5),
                    Duration.ofMillis(20),
                    Duration.ofMillis(50),
                    Duration.ofMillis(250),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(5))
            .register(registry);
    private final Map<ResourceID, Instant> running = new ConcurrentHashMap<>();
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private final Clock clock;

    /** @param clock time of the reconciliations */
    public OperatorMetrics(Clock clock) {
        this.clock = clock;
        Gauge.builder("taskplatform_reconciliations_running", running, Map::size)
                .description("Reconciliations that run now")
                .register(registry);
        gc.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    private Counter reconciliations(String result) {
        return Counter.builder(RECONCILIATIONS)
                .description("Reconciliations that have ended")
                .tag("result", result)
                .register(registry);
    }

    @Override
    public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
        Instant start = clock.instant();
        running.put(execution.resourceID(), start);
        try {
            return execution.execute();
        } finally {
            running.remove(execution.resourceID());
            duration.record(Duration.between(start, clock.instant()));
        }
    }

    @Override
    public void finishedReconciliation(HasMetadata resource, Map<String, Object> metadata) {
        succeeded.increment();
    }

    @Override
    public void failedReconciliation(HasMetadata resource, Exception exception, Map<String, Object> metadata) {
        failed.increment();
    }

    /** @return reconciliations that have ended, well or not */
    public long reconciliations() {
        return (long) (succeeded.count() + failed.count());
    }

    /**
     * @param limit the longest that a reconciliation should take
     * @return whether one has been running for longer
     */
    public boolean isStuck(Duration limit) {
        Instant oldest = clock.instant().minus(limit);
        return running.values().stream().anyMatch(start -> start.isBefore(oldest));
    }

    /** @return all metrics in the text format of Prometheus */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        gc.close();
        registry.close();
    }
}
