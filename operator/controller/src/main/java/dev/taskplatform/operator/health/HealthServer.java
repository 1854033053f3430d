// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/**
 * Serves {@code /healthz}, {@code /readyz} and {@code /metrics} by the JDK's own HTTP server: three paths for probes need no other.
 */
public final class HealthServer implements AutoCloseable {

    private static final String TEXT = "text/plain; charset=utf-8";

    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * Starts to serve.
     *
     * @param port TCP port; 0 for any free one
     * @param live whether the operator needs no restart
     * @param ready whether the operator does its work
     * @param metrics what is counted
     * @throws IOException when the port is taken
     */
    public HealthServer(int port, BooleanSupplier live, BooleanSupplier ready, OperatorMetrics metrics)
            throws IOException {
        server = HttpServer.create(new InetSocketAddress(port), 0);
        server.setExecutor(executor);
        server.createContext("/", exchange -> answer(exchange, 404, TEXT, "not found\n"));
        server.createContext("/healthz", exchange -> answer(exchange, live));
        server.createContext("/readyz", exchange -> answer(exchange, ready));
        server.createContext(
                "/metrics",
                exchange -> answer(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", metrics.scrape()));
        server.start();
    }

    /** @return the port that is served */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        executor.close();
    }

    private static void answer(HttpExchange exchange, BooleanSupplier good) throws IOException {
        if (good.getAsBoolean()) {
            answer(exchange, 200, TEXT, "ok\n");
        } else {
            answer(exchange, 503, TEXT, "not ok\n");
        }
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
