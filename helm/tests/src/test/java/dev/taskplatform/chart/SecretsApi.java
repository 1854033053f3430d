// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.chart;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The two answers of an API server that a template's {@code lookup} of a Secret asks for. Helm's engine in the JVM asks the
 * cluster of KUBECONFIG even when it only renders; so these tests neither need a cluster nor depend on one that is there.
 */
final class SecretsApi implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {

    private static final String RESOURCES = """
            {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "v1", "resources":
              [{"name": "secrets", "singularName": "secret", "namespaced": true, "kind": "Secret", "verbs": ["get"]}]}
            """;
    private static final String NOT_FOUND = """
            {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}
            """;

    private final Map<String, String> secrets = new ConcurrentHashMap<>();
    private HttpServer server;

    /** From now until the end of the test the Secret exists. */
    void add(String namespace, String name, String data) {
        secrets.put(
                "/api/v1/namespaces/%s/secrets/%s".formatted(namespace, name), """
                {"kind": "Secret", "apiVersion": "v1", "metadata": {"name": "%s", "namespace": "%s"}, "data": %s}
                """.formatted(name, namespace, data));
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        // The build sets KUBECONFIG to a file below target.
        Files.writeString(Path.of(System.getenv("KUBECONFIG")), """
                apiVersion: v1
                kind: Config
                current-context: test
                contexts: [{name: test, context: {cluster: test}}]
                clusters: [{name: test, cluster: {server: "http://127.0.0.1:%d"}}]
                """.formatted(
                        server.getAddress().getPort()));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        secrets.clear();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String body = path.equals("/api/v1") ? RESOURCES : secrets.getOrDefault(path, NOT_FOUND);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(body.equals(NOT_FOUND) ? 404 : 200, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }
}
