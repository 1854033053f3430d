// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.outbound;

import dev.taskplatform.kit.observe.RequestId;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.helidon.common.context.Contexts;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Calls another service: each call ends by a deadline, so many run at a time, and after failures in a row none are tried
 * for a while, which spares both sides. Nothing is repeated: the caller's caller knows whether that is safe.
 */
public final class PeerClient implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(PeerClient.class.getName());

    /** Inside a cluster a call takes milliseconds, so few calls tell enough, and a pod is replaced within seconds. */
    private static final int WINDOW = 20;

    private static final int ENOUGH_CALLS = 10;
    private static final Duration OPEN = Duration.ofSeconds(5);
    private static final int TRIAL_CALLS = 3;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");
    private static final int MAX_BODY = 64 * 1024;

    private final PeerSettings settings;
    private final MeterRegistry meters;
    private final HttpClient http;
    private final Semaphore places;
    private final CircuitBreaker breaker;

    /**
     * @param clock tells when an open breaker lets calls through again
     * @param meters gets {@code http_client_request_duration_seconds{peer,outcome}} and
     *     {@code circuit_breaker_open{peer}}
     */
    public PeerClient(PeerSettings settings, Clock clock, MeterRegistry meters) {
        this.settings = settings;
        this.meters = meters;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.timeout())
                .build();
        this.places = new Semaphore(settings.maxConcurrent(), true);
        this.breaker = CircuitBreaker.of(
                settings.name(),
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(WINDOW)
                        .minimumNumberOfCalls(ENOUGH_CALLS)
                        .waitDurationInOpenState(OPEN)
                        .permittedNumberOfCallsInHalfOpenState(TRIAL_CALLS)
                        .clock(clock)
                        .build());
        breaker.getEventPublisher()
                .onStateTransition(event -> LOGGER.log(
                        Level.WARNING,
                        "Calls to {0}: circuit breaker {1}",
                        settings.name(),
                        event.getStateTransition()));
        Gauge.builder("circuit.breaker.open", breaker, PeerClient::isOpen)
                .description("1 while calls to the peer are refused without being tried")
                .tag("peer", settings.name())
                .register(meters);
    }

    /**
     * Posts JSON.
     *
     * @param path of the route, with its slash
     * @throws PeerUnavailableException when there is no answer by the deadline, or one of 500 and above
     */
    public PeerResponse post(String path, byte[] json) {
        return send(PeerRequest.post(path, json));
    }

    /**
     * Sends a request.
     *
     * @throws PeerUnavailableException when there is no answer by the deadline, or one of 500 and above
     */
    public PeerResponse send(PeerRequest request) {
        HttpRequest.Builder http = HttpRequest.newBuilder(URI.create(settings.url() + request.path()))
                .method(
                        request.method(),
                        request.content()
                                .map(HttpRequest.BodyPublishers::ofByteArray)
                                .orElseGet(HttpRequest.BodyPublishers::noBody));
        request.headers().forEach(http::header);
        Contexts.context()
                .flatMap(context -> context.get(RequestId.class))
                .ifPresent(id -> http.header(RequestId.HEADER.defaultCase(), id.value()));
        return send(http.build(), settings.timeout().plus(request.patience()));
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private PeerResponse send(HttpRequest request, Duration timeout) {
        long start = System.nanoTime();
        String outcome = "failure";
        try {
            PeerResponse response = sendWithinLimits(request, start + timeout.toNanos());
            outcome = "answer";
            return response;
        } catch (TimeoutException e) {
            outcome = "timeout";
            throw unavailable("did not answer within " + timeout, e);
        } catch (CallNotPermittedException e) {
            outcome = "breaker-open";
            throw unavailable("failed too often and is left alone for a while", e);
        } catch (IOException e) {
            throw unavailable("failed: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("was not waited for, as this service stops", e);
        } finally {
            meters.timer("http.client.request.duration", "peer", settings.name(), "outcome", outcome)
                    .record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
    }

    private PeerResponse sendWithinLimits(HttpRequest request, long deadline)
            throws IOException, InterruptedException, TimeoutException {
        if (!places.tryAcquire(remaining(deadline), TimeUnit.NANOSECONDS)) {
            throw new TimeoutException("All " + settings.maxConcurrent() + " places are taken");
        }
        try {
            breaker.acquirePermission();
            return observed(request, deadline);
        } finally {
            places.release();
        }
    }

    private PeerResponse observed(HttpRequest request, long deadline)
            throws IOException, InterruptedException, TimeoutException {
        long start = breaker.getCurrentTimestamp();
        try {
            PeerResponse response = exchange(request, deadline);
            breaker.onSuccess(breaker.getCurrentTimestamp() - start, breaker.getTimestampUnit());
            return response;
        } catch (IOException | TimeoutException | RuntimeException e) {
            breaker.onError(breaker.getCurrentTimestamp() - start, breaker.getTimestampUnit(), e);
            throw e;
        } catch (InterruptedException e) {
            breaker.releasePermission();
            throw e;
        }
    }

    private PeerResponse exchange(HttpRequest request, long deadline)
            throws IOException, InterruptedException, TimeoutException {
        CompletableFuture<HttpResponse<byte[]>> exchange =
                http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BODY));
        try {
            HttpResponse<byte[]> response = exchange.get(remaining(deadline), TimeUnit.NANOSECONDS);
            if (response.statusCode() >= 500) {
                throw new IOException("it answered with status " + response.statusCode());
            }
            return new PeerResponse(response.statusCode(), response.body(), retryAfter(response));
        } catch (ExecutionException e) {
            throw new IOException(
                    e.getCause().getClass().getSimpleName() + " " + e.getCause().getMessage(), e.getCause());
        } finally {
            // Also closes the connection of an exchange that is given up.
            exchange.cancel(true);
        }
    }

    /** Not from a date: clocks differ. */
    private static Optional<Duration> retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(seconds -> SECONDS.matcher(seconds).matches())
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)));
    }

    /**
     * What to throw when the peer answered otherwise than it should.
     *
     * @param what it did, as in "answered with status 404"
     */
    public PeerUnavailableException unavailable(String what, Exception cause) {
        String message = "%s at %s %s".formatted(settings.name(), settings.url(), what);
        return new PeerUnavailableException(message, RETRY_AFTER, cause);
    }

    private static long remaining(long deadline) {
        return Math.max(0, deadline - System.nanoTime());
    }

    private static double isOpen(CircuitBreaker breaker) {
        return breaker.getState() == CircuitBreaker.State.OPEN ? 1 : 0;
    }
}
