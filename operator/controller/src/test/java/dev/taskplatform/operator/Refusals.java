// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Answers some requests in the API server's place with an error, as an overloaded or restarting one does. */
final class Refusals implements Interceptor, AutoCloseable {

    private static final List<Integer> CODES = List.of(409, 429, 500, 503);

    private final HttpServer server;
    private final Random random;
    private final Predicate<HttpRequest> concerns;
    private final AtomicInteger left = new AtomicInteger();
    private final AtomicInteger given = new AtomicInteger();

    /**
     * @param seed decides which error comes when
     * @param concerns requests that may be refused
     */
    Refusals(long seed, Predicate<HttpRequest> concerns) {
        this.random = new Random(seed);
        this.concerns = concerns;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", exchange -> {
            int code = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
            byte[] status = """
                    {"kind":"Status","apiVersion":"v1","status":"Failure","message":"injected","reason":"Injected","code":%d}""".formatted(code).getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(code, status.length);
            exchange.getResponseBody().write(status);
            exchange.close();
        });
        server.start();
    }

    /** Refuses about every second of the next requests, until so many were refused. */
    void next(int requests) {
        left.set(requests);
    }

    /** @return how many were refused */
    int given() {
        return given.get();
    }

    @Override
    public synchronized void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        if (left.get() > 0 && concerns.test(request) && random.nextBoolean()) {
            left.decrementAndGet();
            given.incrementAndGet();
            builder.uri(URI.create("http://localhost:" + server.getAddress().getPort() + "/"
                    + CODES.get(random.nextInt(CODES.size()))));
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
