// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.outbound;

import dev.taskplatform.kit.observe.RequestId;
import dev.taskplatform.kit.outbound.FailedAttempt.Reason;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.helidon.common.context.Contexts;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webclient.api.Proxy;
import io.helidon.webclient.api.TcpClientConnection;
import io.helidon.webclient.api.WebClient;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webclient.http1.Http1ClientRequest;
import io.helidon.webclient.http1.Http1ClientResponse;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Calls another service. Each call ends by a deadline, and only so many run at a time. What may be repeated is tried again
 * after a failure, as long as that does not add much to the load of a peer in trouble; and a peer that fails often or is
 * slow is left alone for a while, which spares both sides.
 */
public final class PeerClient implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(PeerClient.class.getName());

    /** Inside a cluster a call takes milliseconds, so few calls tell enough, and a pod is replaced within seconds. */
    private static final int WINDOW = 20;

    private static final int ENOUGH_CALLS = 10;
    private static final float FAILURES_PERCENT = 50;
    private static final float SLOW_CALLS_PERCENT = 80;
    private static final Duration OPEN = Duration.ofSeconds(5);
    private static final int TRIAL_CALLS = 3;

    private static final int MAX_ATTEMPTS = 3;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private static final Duration LONGER_THAN_ANY_CALL = Duration.ofHours(1);
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");
    private static final int MAX_BODY = 64 * 1024;

    private final PeerSettings settings;
    private final Time time;
    private final RandomGenerator random;
    private final MeterRegistry meters;
    private final Http1Client http;
    private final Connections connections;
    private final Semaphore places;
    private final RetryBudget budget;
    private final CircuitBreaker breaker;
    private final Counter retries;
    private final Counter retriesDenied;

    /**
     * @param clock tells when an open breaker lets calls through again
     * @param random spreads retries and the ages of connections
     * @param meters gets {@code http_client_request_duration_seconds{peer,outcome}} of whole calls,
     *     {@code http_client_attempts_total{peer,outcome}}, {@code http_client_retries_total{peer}},
     *     {@code http_client_retries_denied_total{peer}} by an empty budget, {@code http_client_calls{peer}} and
     *     {@code http_client_calls_max{peer}}, {@code circuit_breaker_state{peer,state}}, and of connections
     *     {@code http_client_connections_open{peer}}, {@code http_client_connections_opened_total{peer}} and
     *     {@code http_client_connections_aged_total{peer}}
     */
    public PeerClient(PeerSettings settings, Clock clock, RandomGenerator random, MeterRegistry meters) {
        this(settings, clock, Time.system(), random, meters);
    }

    PeerClient(PeerSettings settings, Clock clock, Time time, RandomGenerator random, MeterRegistry meters) {
        this.settings = settings;
        this.time = time;
        this.random = random;
        this.meters = meters;
        WebClient client = WebClient.builder()
                .connectTimeout(settings.timeout())
                // Deadlines end what takes long. This must only be longer than all else: it is also how long Helidon
                // believes in a connection that is not used.
                .readTimeout(settings.maxConnectionAge().multipliedBy(2).plus(LONGER_THAN_ANY_CALL))
                .followRedirects(false)
                .proxy(Proxy.noProxy())
                .sendExpectContinue(false)
                .servicesDiscoverServices(false)
                .shareConnectionCache(false)
                .build();
        this.http = client.client(Http1Client.PROTOCOL);
        this.connections = new Connections(settings, client, time, random, meters);
        this.places = new Semaphore(settings.maxConcurrent());
        this.budget = new RetryBudget(settings.retryBudget());
        this.breaker = breaker(settings, clock, time);
        this.retries = Counter.builder("http.client.retries")
                .description("Attempts after a failed one")
                .tag("peer", settings.name())
                .register(meters);
        this.retriesDenied = Counter.builder("http.client.retries.denied")
                .description(
                        "Calls that failed without one more attempt, as retries had added enough to the peer's load")
                .tag("peer", settings.name())
                .register(meters);
        gauges();
    }

    /**
     * Posts JSON, once.
     *
     * @param path of the route, with its slash
     * @throws PeerUnavailableException as {@link #send}
     */
    public PeerResponse post(String path, byte[] json) {
        return send(PeerRequest.post(path, json));
    }

    /**
     * Sends a request.
     *
     * @throws PeerUnavailableException when there is no answer by the deadline, or none below 500; a
     *     {@link PeerBusyException} at once when there are as many calls as there may be
     */
    public PeerResponse send(PeerRequest request) {
        PeerRequest identified = Contexts.context()
                .flatMap(context -> context.get(RequestId.class))
                .map(id -> request.with(RequestId.HEADER.defaultCase(), id.value()))
                .orElse(request);
        long start = time.nanos();
        String outcome = "failure";
        try {
            PeerResponse response = sendIfThereIsAPlace(identified, start);
            outcome = "answer";
            return response;
        } catch (FailedAttempt e) {
            outcome = label(e.reason());
            throw new PeerUnavailableException(
                    message(e.getMessage()), e.retryAfter().orElse(RETRY_AFTER), e.getCause());
        } catch (PeerBusyException e) {
            outcome = "busy";
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("was not waited for, as this service stops", e);
        } finally {
            meters.timer("http.client.request.duration", "peer", settings.name(), "outcome", outcome)
                    .record(time.nanos() - start, TimeUnit.NANOSECONDS);
        }
    }

    /**
     * What to throw when the peer answered otherwise than it should.
     *
     * @param what it did, as in "answered with status 404"
     */
    public PeerUnavailableException unavailable(String what, Exception cause) {
        return new PeerUnavailableException(message(what), RETRY_AFTER, cause);
    }

    /** Ends the calls that are under way, and fails those that come. */
    @Override
    public void close() {
        connections.close();
        http.closeResource();
    }

    private PeerResponse sendIfThereIsAPlace(PeerRequest request, long start)
            throws FailedAttempt, InterruptedException {
        if (!places.tryAcquire()) {
            throw new PeerBusyException(
                    message("is not called, as %d calls are under way".formatted(settings.maxConcurrent())),
                    RETRY_AFTER);
        }
        try {
            budget.earn();
            return sendUntilAnswered(
                    request, start + settings.timeout().plus(request.patience()).toNanos());
        } finally {
            places.release();
        }
    }

    private PeerResponse sendUntilAnswered(PeerRequest request, long deadline)
            throws FailedAttempt, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return sendIfThePeerIsWell(request, deadline);
            } catch (FailedAttempt e) {
                time.pause(pauseBeforeRetry(request, attempt, e, deadline));
            }
        }
    }

    /** @throws FailedAttempt the same, when there is no retry */
    private Duration pauseBeforeRetry(PeerRequest request, int attempt, FailedAttempt failure, long deadline)
            throws FailedAttempt {
        if (!request.repeatable()
                || attempt == MAX_ATTEMPTS
                || failure.reason() == Reason.BREAKER_OPEN
                || connections.isClosed()) {
            throw failure;
        }
        // Full jitter: those who failed together do not come again together.
        long longest = FIRST_PAUSE.toNanos() << attempt - 1;
        Duration pause =
                failure.retryAfter().orElse(Duration.ZERO).plusNanos(Math.round(longest * random.nextDouble()));
        if (pause.compareTo(remaining(deadline)) >= 0) {
            throw failure;
        }
        if (!budget.spend()) {
            retriesDenied.increment();
            throw failure;
        }
        retries.increment();
        return pause;
    }

    private PeerResponse sendIfThePeerIsWell(PeerRequest request, long deadline)
            throws FailedAttempt, InterruptedException {
        try {
            breaker.acquirePermission();
        } catch (CallNotPermittedException e) {
            throw new FailedAttempt(
                    Reason.BREAKER_OPEN, "failed or was slow too often and is left alone", Optional.of(OPEN), e);
        }
        long start = time.nanos();
        String outcome = "interrupted";
        try {
            PeerResponse response = attempt(request, deadline);
            outcome = "answer";
            breaker.onSuccess(busyTime(request, start), TimeUnit.NANOSECONDS);
            return response;
        } catch (FailedAttempt e) {
            outcome = label(e.reason());
            breaker.onError(busyTime(request, start), TimeUnit.NANOSECONDS, e);
            throw e;
        } catch (InterruptedException e) {
            breaker.releasePermission();
            throw e;
        } finally {
            meters.counter("http.client.attempts", "peer", settings.name(), "outcome", outcome)
                    .increment();
        }
    }

    private PeerResponse attempt(PeerRequest request, long deadline) throws FailedAttempt, InterruptedException {
        Duration timeout = remaining(deadline);
        if (request.repeatable()) {
            Duration most = settings.attemptTimeout().plus(request.patience());
            timeout = timeout.compareTo(most) < 0 ? timeout : most;
        }
        FutureTask<PeerResponse> exchange = new FutureTask<>(() -> exchange(request));
        Thread.ofVirtual().name("call-" + settings.name()).start(exchange);
        try {
            PeerResponse response = exchange.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            if (response.status() >= 500) {
                throw new FailedAttempt(
                        Reason.FAILURE, "answered with status " + response.status(), response.retryAfter(), null);
            }
            return response;
        } catch (TimeoutException e) {
            throw new FailedAttempt(Reason.TIMEOUT, "did not answer within " + timeout, Optional.empty(), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new FailedAttempt(Reason.FAILURE, "failed: " + reason(e.getCause()), Optional.empty(), e.getCause());
        } finally {
            // Interrupted in a read, a virtual thread closes the socket.
            exchange.cancel(true);
        }
    }

    private PeerResponse exchange(PeerRequest request) throws IOException {
        TcpClientConnection connection = connections.take();
        boolean answered = false;
        try {
            Http1ClientRequest sending = http.method(Method.create(request.method()))
                    .uri(URI.create(settings.url() + request.path()))
                    .connection(connection);
            request.headers().forEach((name, value) -> sending.header(HeaderNames.create(name), value));
            Http1ClientResponse response =
                    request.content().map(sending::submit).orElseGet(sending::request);
            PeerResponse answer = new PeerResponse(response.status().code(), body(response), retryAfter(response));
            answered = true;
            // Gives the connection back, unless the peer closes it.
            response.close();
            return answer;
        } finally {
            if (!answered) {
                connection.closeResource();
            }
        }
    }

    private static byte[] body(Http1ClientResponse response) throws IOException {
        if (!response.entity().hasEntity()) {
            return new byte[0];
        }
        InputStream content = response.inputStream();
        byte[] body = content.readNBytes(MAX_BODY + 1);
        if (body.length > MAX_BODY) {
            throw new IOException("its answer is longer than %d bytes".formatted(MAX_BODY));
        }
        return body;
    }

    /** Not from a date: clocks differ. */
    private static Optional<Duration> retryAfter(Http1ClientResponse response) {
        return response.headers()
                .first(HeaderNames.RETRY_AFTER)
                .filter(seconds -> SECONDS.matcher(seconds).matches())
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)));
    }

    /** Of the innermost: the others only say that there is one. */
    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return cause.getClass().getSimpleName() + (message == null ? "" : " " + message);
    }

    private String message(String what) {
        return "%s at %s %s".formatted(settings.name(), settings.url(), what);
    }

    private Duration remaining(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - time.nanos()));
    }

    /** Without what the peer was allowed to wait. */
    private long busyTime(PeerRequest request, long start) {
        return Math.max(0, time.nanos() - start - request.patience().toNanos());
    }

    private void gauges() {
        Gauge.builder("http.client.calls", places, free -> settings.maxConcurrent() - free.availablePermits())
                .description("Calls to the peer that are under way")
                .tag("peer", settings.name())
                .register(meters);
        Gauge.builder("http.client.calls.max", settings, PeerSettings::maxConcurrent)
                .description("Calls to the peer that may be under way; more are refused")
                .tag("peer", settings.name())
                .register(meters);
        for (CircuitBreaker.State state : new CircuitBreaker.State[] {
            CircuitBreaker.State.CLOSED, CircuitBreaker.State.HALF_OPEN, CircuitBreaker.State.OPEN
        }) {
            Gauge.builder("circuit.breaker.state", breaker, circuit -> circuit.getState() == state ? 1 : 0)
                    .description("1 for the state that the circuit breaker for calls to the peer is in")
                    .tag("peer", settings.name())
                    .tag("state", state.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .register(meters);
        }
    }

    private static CircuitBreaker breaker(PeerSettings settings, Clock clock, Time time) {
        CircuitBreaker breaker = CircuitBreaker.of(
                settings.name(),
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(WINDOW)
                        .minimumNumberOfCalls(ENOUGH_CALLS)
                        .failureRateThreshold(FAILURES_PERCENT)
                        .slowCallDurationThreshold(settings.slowCall())
                        .slowCallRateThreshold(SLOW_CALLS_PERCENT)
                        .waitDurationInOpenState(OPEN)
                        .permittedNumberOfCallsInHalfOpenState(TRIAL_CALLS)
                        .currentTimestampFunction(ignored -> time.nanos(), TimeUnit.NANOSECONDS)
                        .clock(clock)
                        .build());
        breaker.getEventPublisher()
                .onStateTransition(event -> LOGGER.log(
                        Level.WARNING,
                        "Calls to {0}: circuit breaker {1}",
                        settings.name(),
                        event.getStateTransition()));
        return breaker;
    }

    private static String label(Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
