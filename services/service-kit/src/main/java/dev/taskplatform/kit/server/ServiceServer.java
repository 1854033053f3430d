// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.json.Json;
import dev.taskplatform.kit.observe.AccessLogFilter;
import dev.taskplatform.kit.observe.Meters;
import dev.taskplatform.kit.observe.RequestIdFilter;
import dev.taskplatform.kit.observe.RequestMetricsFilter;
import dev.taskplatform.kit.problem.ErrorFormat;
import dev.taskplatform.kit.problem.ErrorResponses;
import dev.taskplatform.kit.problem.ProblemFormat;
import io.helidon.config.Config;
import io.helidon.health.HealthCheck;
import io.helidon.health.HealthCheckType;
import io.helidon.http.media.MediaContext;
import io.helidon.http.media.jackson.JacksonSupport;
import io.helidon.webserver.ErrorHandling;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.observe.ObserveFeature;
import io.helidon.webserver.observe.health.HealthObserver;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A service's two listeners: the API with {@code /openapi} and {@code /docs}, and on a port of its own what observes it
 * ({@code /observe/health}, {@code /observe/metrics}, {@code /observe/info}), which answers until the very end. They are
 * two Helidon servers because one stops its sockets in no certain order.
 */
public final class ServiceServer {
    private static final Logger LOGGER = System.getLogger(ServiceServer.class.getName());

    /** Of each listener; more wait to be accepted. */
    private static final int MAX_CONNECTIONS = 4_096;

    private static final int MAX_REQUEST_LINE = 8 * 1024;
    private static final int MAX_HEADERS = 16 * 1024;
    private static final Duration IDLE_CONNECTION = Duration.ofSeconds(75);
    private static final Duration IDLE_CHECK = Duration.ofSeconds(15);

    private final ServerSettings settings;
    private final Lifecycle lifecycle = new Lifecycle();
    private final List<AutoCloseable> closeables;
    private final Supplier<AutoCloseable> watch;
    private final List<Runnable> whenDraining;
    private final WebServer api;
    private final WebServer observe;
    private AutoCloseable watching = () -> {};
    private List<RegisteredRoute> routes = List.of();

    private ServiceServer(Builder builder) {
        Config config = builder.config;
        this.settings = ServerSettings.from(config.get("server"));
        this.closeables = List.copyOf(builder.closeables);
        this.watch = () -> builder.live.watch(builder.meters.registry(), new SecureRandom());
        this.whenDraining = List.copyOf(builder.whenDraining);
        ObjectMapper mapper = Json.mapper();
        Meters meters = builder.meters;
        MediaContext media = MediaContext.builder()
                .mediaSupportsDiscoverServices(false)
                .addMediaSupport(JacksonSupport.create(mapper))
                .build();
        this.api = api(builder, mapper, media, meters);
        this.observe = observe(builder, mapper, media, meters);
    }

    /**
     * A server with the settings under {@code server} and {@code service}.
     *
     * @param meters where the server counts and what it shows; closed with the server
     * @throws io.helidon.config.ConfigException when built, if a setting is missing or wrong
     */
    public static Builder builder(Config config, Meters meters) {
        return new Builder(config, meters);
    }

    /**
     * Listens.
     *
     * @throws IllegalArgumentException if a port cannot be had; the log has the reason
     */
    public ServiceServer start() {
        observe.start();
        api.start();
        if (!api.isRunning() || !observe.isRunning()) {
            stop();
            throw new IllegalArgumentException(
                    "server.port, server.observe.port: cannot listen on %s ports %d and %d; is another program there?"
                            .formatted(settings.host(), settings.port(), settings.observePort()));
        }
        watching = watch.get();
        lifecycle.started();
        LOGGER.log(
                Level.INFO,
                "Listening on port {0}, observed on port {1}",
                Integer.toString(port()),
                Integer.toString(observePort()));
        return this;
    }

    /**
     * Goes unready, ends connections as they fall idle, waits for {@code server.drain}, closes the listener, gives
     * requests in flight {@code server.shutdown-grace}, closes what the service uses and at last the observing port.
     */
    public void stop() {
        close(watching);
        boolean interrupted = drain();
        api.stop();
        closeables.reversed().forEach(ServiceServer::close);
        observe.stop();
        LOGGER.log(Level.INFO, "Stopped");
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return whether the thread was interrupted, which ends the wait and nothing else */
    private boolean drain() {
        lifecycle.draining();
        whenDraining.forEach(Runnable::run);
        if (!api.isRunning()) {
            return false;
        }
        LOGGER.log(Level.INFO, "Draining for {0}", settings.drain());
        try {
            Thread.sleep(settings.drain());
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    /** Port of the API. */
    public int port() {
        return api.port();
    }

    /** Port of health and metrics. */
    public int observePort() {
        return observe.port();
    }

    /** The routes of the API, to compare with its description. */
    public List<RegisteredRoute> routes() {
        return routes;
    }

    private WebServer api(Builder builder, ObjectMapper mapper, MediaContext media, Meters meters) {
        ErrorResponses errors = new ErrorResponses(mapper, builder.errorFormats);
        HttpRouting.Builder routing = HttpRouting.builder()
                .addFilter(new RequestIdFilter())
                .addFilter(new ConnectionCloseFilter(lifecycle))
                .addFilter(new AccessLogFilter())
                .addFilter(new RequestMetricsFilter(meters.registry()))
                .addFilter(new PayloadLimitFilter(
                        path -> builder.longBodies.getOrDefault(path, settings.maxPayloadSize()), errors));
        errors.register(routing);
        routing.register(rules -> {
            RouteTable table = new RouteTable(rules);
            builder.routes.accept(table);
            table.register("/openapi", new OpenApiResource(mapper));
            table.register("/docs", new DocsResource());
            rules.any(table::reject);
            routes = table.routes();
        });
        return listener(settings.port(), media, errors)
                .shutdownGracePeriod(settings.shutdownGrace())
                .routing(routing)
                .build();
    }

    private WebServer observe(Builder builder, ObjectMapper mapper, MediaContext media, Meters meters) {
        ErrorResponses errors = new ErrorResponses(mapper, path -> new ProblemFormat());
        List<HealthCheck> checks = new ArrayList<>(lifecycle.checks());
        checks.addAll(builder.checks);
        HttpRouting.Builder routing = HttpRouting.builder()
                .register("/observe/metrics", new MetricsResource(meters))
                .register(
                        "/observe/info",
                        new InfoResource(
                                builder.config.get("service.name").asString().get(),
                                builder.config.get("service.version").asString().get()));
        errors.register(routing);
        return listener(settings.observePort(), media, errors)
                .addFeature(ObserveFeature.just(HealthObserver.builder()
                        .useSystemServices(false)
                        .details(true)
                        .addHealthChecks(checks)
                        .build()))
                .routing(routing)
                .build();
    }

    private WebServerConfig.Builder listener(int port, MediaContext media, ErrorResponses errors) {
        return WebServer.builder()
                .shutdownHook(false)
                .featuresDiscoverServices(false)
                .host(settings.host())
                .port(port)
                .mediaContext(media)
                .directHandlers(errors.directHandlers())
                // gives those handlers Helidon's message, which they keep to themselves
                .errorHandling(ErrorHandling.builder().includeEntity(true).build())
                .maxTcpConnections(MAX_CONNECTIONS)
                .idleConnectionTimeout(IDLE_CONNECTION)
                .idleConnectionPeriod(IDLE_CHECK)
                .addProtocol(Http1Config.builder()
                        .maxPrologueLength(MAX_REQUEST_LINE)
                        .maxHeadersSize(MAX_HEADERS)
                        .addSendListener(new BodilessHeaders())
                        .build());
    }

    private static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            LOGGER.log(Level.WARNING, "Could not close " + closeable, e);
        }
    }

    /** Gathers what makes a service one of its kind. */
    public static final class Builder {
        private final Config config;
        private final Meters meters;
        private final List<HealthCheck> checks = new ArrayList<>();
        private final List<AutoCloseable> closeables = new ArrayList<>();
        private LiveConfig live;
        private final List<Runnable> whenDraining = new ArrayList<>();
        private final Map<String, Long> longBodies = new HashMap<>();
        private Consumer<HttpRules> routes;
        private Function<String, ErrorFormat> errorFormats = path -> new ProblemFormat();

        private Builder(Config config, Meters meters) {
            this.config = config;
            this.live = LiveConfig.of(config);
            this.meters = meters;
            closing(meters);
        }

        /** Settings to read again when their file changes, from the start to the stop; none unless set. */
        public Builder watching(LiveConfig settings) {
            this.live = settings;
            return this;
        }

        /** The API: registers one service a resource. */
        public Builder routes(Consumer<HttpRules> routes) {
            this.routes = routes;
            return this;
        }

        /**
         * A route whose bodies may be longer than {@code server.max-payload-size}, as it reads them in pieces.
         *
         * @param limit in bytes
         */
        public Builder longBodies(String path, long limit) {
            longBodies.put(path, limit);
            return this;
        }

        /** The format of errors by the request's path; problem documents unless set. */
        public Builder errorFormats(Function<String, ErrorFormat> formats) {
            this.errorFormats = formats;
            return this;
        }

        /**
         * A condition of readiness beside the server's own.
         *
         * @param up asked at every probe; an exception counts as an error and is logged
         */
        public Builder readiness(String name, BooleanSupplier up) {
            checks.add(new Lifecycle.Check(name, HealthCheckType.READINESS, up));
            return this;
        }

        /** Run when the service begins to drain, such as to answer requests that wait for something. Must not block. */
        public Builder draining(Runnable action) {
            whenDraining.add(action);
            return this;
        }

        /** Closed when the server stops, after the last request; last given, first closed. */
        public Builder closing(AutoCloseable closeable) {
            closeables.add(closeable);
            return this;
        }

        /** The server, not yet listening. */
        public ServiceServer build() {
            Objects.requireNonNull(routes, "routes");
            return new ServiceServer(this);
        }
    }
}
