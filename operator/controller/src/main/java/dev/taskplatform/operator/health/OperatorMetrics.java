// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.health;

import dev.taskplatform.operator.api.TaskPlatform;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import io.javaoperatorsdk.operator.processing.event.Event;
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
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.MDC;

/**
 * Measures the operator's work: how long reconciliations take and wait, what is written to the API server, and for how long each
 * resource has not been reconciled well. Only the last has a series for each resource.
 */
public final class OperatorMetrics implements Metrics, AutoCloseable {

    private static final String RECONCILIATIONS = "taskplatform_reconciliations";
    /** Key of the log's context with the number of the reconciliation. */
    public static final String RECONCILIATION = "reconciliation";

    private static final String PLATFORM = HasMetadata.getKind(TaskPlatform.class);
    private static final Set<String> WRITES = Set.of("POST", "PUT", "PATCH", "DELETE");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Counter succeeded = reconciliations("success");
    private final Counter failed = reconciliations("failure");
    private final Timer duration = timer("taskplatform_reconciliation", "Time that a reconciliation took");
    private final Timer waited =
            timer("taskplatform_queue", "Time between an event and the reconciliation that it asked for");
    private final Map<Work, Instant> running = new ConcurrentHashMap<>();
    private final Map<Work, Instant> waiting = new ConcurrentHashMap<>();
    private final Map<ResourceID, LastSuccess> successes = new ConcurrentHashMap<>();
    private final AtomicBoolean leader = new AtomicBoolean();
    private final AtomicLong numbers = new AtomicLong();
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private final Clock clock;

    /** @param clock time of the reconciliations */
    public OperatorMetrics(Clock clock) {
        this.clock = clock;
        Gauge.builder("taskplatform_reconciliations_running", running, Map::size)
                .description("Reconciliations that run now")
                .register(registry);
        Gauge.builder("taskplatform_queue_age_seconds", this, OperatorMetrics::queueAge)
                .description("For how long the oldest event has been waiting for its reconciliation")
                .register(registry);
        Gauge.builder("taskplatform_resources", successes, Map::size)
                .description("TaskPlatforms that have been reconciled well since the start")
                .register(registry);
        Gauge.builder("taskplatform_leader", leader, found -> found.get() ? 1 : 0)
                .description("1 while this replica is the one that works")
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

    private Timer timer(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(
                        Duration.ofMillis(5),
                        Duration.ofMillis(20),
                        Duration.ofMillis(50),
                        Duration.ofMillis(250),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5))
                .register(registry);
    }

    /** @return what sees each request to the API server and counts those that write */
    public Interceptor requests() {
        return new Interceptor() {
            @Override
            public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
                if (WRITES.contains(request.method())) {
                    registry.counter("taskplatform_api_writes", "verb", request.method())
                            .increment();
                }
            }
        };
    }

    /** From now on this replica is the one that works; until now nothing had to be done by it. */
    public void leads() {
        waiting.replaceAll((id, since) -> clock.instant());
        leader.set(true);
    }

    @Override
    public void receivedEvent(Event event, Map<String, Object> metadata) {
        waiting.putIfAbsent(Work.of(event.getRelatedCustomResourceID(), metadata), clock.instant());
    }

    @Override
    public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
        Work id = Work.of(execution.resourceID(), execution.metadata());
        Instant start = clock.instant();
        running.put(id, start);
        Optional.ofNullable(waiting.remove(id)).ifPresent(since -> waited.record(Duration.between(since, start)));
        MDC.put(RECONCILIATION, Long.toString(numbers.incrementAndGet()));
        try {
            return execution.execute();
        } finally {
            MDC.remove(RECONCILIATION);
            running.remove(id);
            duration.record(Duration.between(start, clock.instant()));
        }
    }

    @Override
    public void finishedReconciliation(HasMetadata resource, Map<String, Object> metadata) {
        succeeded.increment();
        if (!(resource instanceof TaskPlatform)) {
            return;
        }
        successes
                .computeIfAbsent(ResourceID.fromResource(resource), this::track)
                .at
                .set(clock.instant());
    }

    @Override
    public void failedReconciliation(HasMetadata resource, Exception exception, Map<String, Object> metadata) {
        failed.increment();
    }

    @Override
    public void cleanupDoneFor(ResourceID id, Map<String, Object> metadata) {
        Work work = Work.of(id, metadata);
        waiting.remove(work);
        if (!(work.kind() instanceof GroupVersionKind kind && kind.getKind().equals(PLATFORM))) {
            return;
        }
        Optional.ofNullable(successes.remove(id)).ifPresent(found -> registry.remove(found.gauge));
    }

    private LastSuccess track(ResourceID id) {
        var at = new AtomicReference<>(clock.instant());
        Gauge gauge = Gauge.builder("taskplatform_last_success_age_seconds", at, found -> age(found.get()))
                .description("For how long the resource has not been reconciled well")
                .tag("namespace", id.getNamespace().orElse(""))
                .tag("name", id.getName())
                .register(registry);
        return new LastSuccess(at, gauge);
    }

    private double age(Instant since) {
        return Duration.between(since, clock.instant()).toMillis() / 1000.0;
    }

    private double queueAge() {
        return leader.get()
                ? waiting.values().stream()
                        .min(Comparator.naturalOrder())
                        .map(this::age)
                        .orElse(0.0)
                : 0;
    }

    /** @return reconciliations that have ended, well or not */
    public long reconciliations() {
        return (long) (succeeded.count() + failed.count());
    }

    /**
     * @param limit the longest that a reconciliation should take, or an event should wait for one
     * @return whether one has taken or waited for longer
     */
    public boolean isStuck(Duration limit) {
        Instant oldest = clock.instant().minus(limit);
        return running.values().stream().anyMatch(start -> start.isBefore(oldest)) || queueAge() > limit.toSeconds();
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

    /** What is reconciled: there are resources of more than one kind. */
    private record Work(Object kind, ResourceID id) {
        static Work of(ResourceID id, Map<String, Object> metadata) {
            return new Work(metadata.getOrDefault(Constants.RESOURCE_GVK_KEY, ""), id);
        }
    }

    /** When a resource was reconciled well last, and the meter that shows it. */
    private record LastSuccess(AtomicReference<Instant> at, Gauge gauge) {}
}
