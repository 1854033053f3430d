// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.taskplatform.kit.observe.Meters;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DrainTest {
    private final HttpClient http = HttpClient.newHttpClient();
    private final SlowResource slow = new SlowResource();
    private final AtomicInteger closed = new AtomicInteger();

    @AfterEach
    void close() {
        slow.goOn.countDown();
        http.close();
    }

    @Test
    void endsConnectionsOneByOneWhileItDrains() throws Exception {
        // Far longer than the test, which ends it by an interrupt.
        ServiceServer server = start("PT10M");
        int observePort = server.observePort();
        try (Socket keptAlive = new Socket("127.0.0.1", server.port())) {
            exchange(keptAlive, "200 OK", "keep-alive");
            Thread stopping = Thread.ofPlatform().start(server::stop);
            await().until(() -> get(observePort, "/observe/health/ready").statusCode() == 503);

            assertThat(get(observePort, "/observe/health/live").statusCode()).isEqualTo(200);
            exchange(keptAlive, "200 OK", "close");
            assertThat(keptAlive.getInputStream().read())
                    .as("the end of the connection")
                    .isEqualTo(-1);
            assertThat(get(server.port(), "/fast").statusCode())
                    .as("a new connection")
                    .isEqualTo(200);
            assertThat(closed).hasValue(0);

            stopping.interrupt();
            stopping.join();
        }
        assertThat(closed).hasValue(1);
        assertThatThrownBy(() -> get(observePort, "/observe/health/live")).isInstanceOf(ConnectException.class);
    }

    @Test
    void letsRequestsInFlightEnd() throws Exception {
        ServiceServer server = start("PT0S");
        int port = server.port();
        int observePort = server.observePort();
        CompletableFuture<HttpResponse<String>> answer =
                http.sendAsync(request(port, "/slow"), BodyHandlers.ofString());
        slow.entered.await();

        Thread stopping = Thread.ofPlatform().start(server::stop);
        await().untilAsserted(() -> assertThatThrownBy(() -> get(port, "/fast")).isInstanceOf(ConnectException.class));
        assertThat(get(observePort, "/observe/health/live").statusCode()).isEqualTo(200);
        assertThat(closed).as("what the request may still need").hasValue(0);
        slow.goOn.countDown();

        assertThat(answer.get().statusCode()).isEqualTo(200);
        stopping.join();
        assertThat(closed).hasValue(1);
    }

    private ServiceServer start(String drain) {
        return ServiceServer.builder(
                        ServiceConfig.of(Map.of("server.drain", drain, "server.shutdown-grace", "PT10M")), new Meters())
                .routes(rules -> rules.register(slow))
                .closing(closed::incrementAndGet)
                .build()
                .start();
    }

    private static void exchange(Socket socket, String status, String connection) throws Exception {
        socket.getOutputStream().write("GET /fast HTTP/1.1\r\nHost: test\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        byte[] buffer = new byte[8192];
        StringBuilder answer = new StringBuilder();
        while (!answer.toString().endsWith("fast")) {
            int read = socket.getInputStream().read(buffer);
            assertThat(read).isPositive();
            answer.append(new String(buffer, 0, read, StandardCharsets.US_ASCII));
        }
        assertThat(answer.toString()).startsWith("HTTP/1.1 " + status).contains("Connection: " + connection);
    }

    private HttpResponse<String> get(int port, String path) throws Exception {
        return http.send(request(port, path), BodyHandlers.ofString());
    }

    private static HttpRequest request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
    }

    private static final class SlowResource implements HttpService {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);

        @Override
        public void routing(HttpRules rules) {
            rules.get("/fast", (request, response) -> response.send("fast")).get("/slow", this::slow);
        }

        private void slow(ServerRequest request, ServerResponse response) throws InterruptedException {
            entered.countDown();
            goOn.await();
            response.send("slow");
        }
    }
}
