// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.observe;

import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Rate, errors and duration of requests: the histogram {@code http_server_request_duration_seconds} with the labels
 * {@code method}, {@code route} (the pattern, never the path) and {@code status}. Helidon's own has no route or status.
 */
public final class RequestMetricsFilter implements Filter {
    /** Boundaries of OpenTelemetry's semantic conventions for HTTP. */
    private static final Duration[] BUCKETS = Stream.of(
                    5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT");

    private final MeterRegistry registry;
    private final Map<Labels, Timer> timers = new ConcurrentHashMap<>();

    /** @param registry where the histogram is kept */
    public RequestMetricsFilter(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        long start = System.nanoTime();
        try {
            chain.proceed();
        } finally {
            Labels labels = new Labels(
                    method(request.prologue().method().text()),
                    request.context()
                            .get(MatchedRoute.class)
                            .map(MatchedRoute::pattern)
                            .orElse("unmatched"),
                    Integer.toString(Answer.status(response)));
            timers.computeIfAbsent(labels, this::timer).record(Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private Timer timer(Labels labels) {
        return Timer.builder("http.server.request.duration")
                .description("Time from the request line to the end of the response")
                .tag("method", labels.method())
                .tag("route", labels.route())
                .tag("status", labels.status())
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    /** Clients can invent methods; labels must not grow with them. */
    private static String method(String method) {
        return METHODS.contains(method) ? method : "_OTHER";
    }

    private record Labels(String method, String route, String status) {}
}
