// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.smoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The smoke client against an installation that is well, and one that is not. */
class SmokeTestTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final HttpClient http = HttpClient.newHttpClient();
    private boolean loses;
    private boolean letsAnyoneIn;
    private HttpServer installation;

    @BeforeEach
    void start() throws IOException {
        installation = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        installation.createContext("/", this::answer);
        installation.start();
    }

    @AfterEach
    void stop() {
        installation.stop(0);
        http.close();
    }

    @Test
    void saysALineAStep() throws Exception {
        smokeTest().run();

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .hasSize(8)
                .allMatch(line -> line.startsWith("ok: "))
                .noneMatch(line -> line.contains("the-token"));
    }

    @Test
    void saysWhatIsWrong() {
        loses = true;

        assertThatThrownBy(() -> smokeTest().run())
                .isInstanceOf(SmokeTest.Failure.class)
                .hasMessageContaining("not in the list");
    }

    @Test
    void noticesAWrongPasswordThatIsAccepted() {
        letsAnyoneIn = true;

        assertThatThrownBy(() -> smokeTest().run())
                .isInstanceOf(SmokeTest.Failure.class)
                .hasMessageContainingAll("/v1/sessions answered 201 instead of 401");
    }

    private SmokeTest smokeTest() {
        URI base = URI.create("http://127.0.0.1:" + installation.getAddress().getPort());
        return new SmokeTest(base, base, http, new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        boolean bearer = "Bearer the-token".equals(exchange.getRequestHeaders().getFirst("Authorization"));
        switch (exchange.getRequestMethod() + " " + exchange.getRequestURI()) {
            case "POST /v1/users" -> send(exchange, 201, "{\"id\":\"u1\",\"username\":\"smoke\"}");
            case "POST /v1/sessions" -> {
                boolean accepted = letsAnyoneIn || !body.contains("\"not ");
                send(exchange, accepted ? 201 : 401, "{\"access_token\":\"the-token\",\"expires_in\":900}");
            }
            case "GET /v1/users/me" -> send(exchange, bearer ? 200 : 401, "{\"id\":\"u1\",\"username\":\"smoke\"}");
            case "POST /v1/tasks" -> send(exchange, bearer ? 201 : 401, "{\"id\":\"t1\"}");
            case "GET /v1/tasks" ->
                send(exchange, bearer ? 200 : 401, loses ? "{\"items\":[]}" : "{\"items\":[{\"id\":\"t1\"}]}");
            case "DELETE /v1/tasks/t1" -> send(exchange, bearer ? 204 : 401, "");
            default -> send(exchange, 404, "{}");
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (exchange) {
            exchange.getResponseBody().write(bytes);
        }
    }
}
