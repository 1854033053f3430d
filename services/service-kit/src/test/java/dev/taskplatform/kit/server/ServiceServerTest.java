// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.json.Json;
import dev.taskplatform.kit.json.JsonFields;
import dev.taskplatform.kit.json.JsonReader;
import dev.taskplatform.kit.observe.Meters;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceServerTest {
    private final ObjectMapper mapper = Json.mapper();
    private final HttpClient http = HttpClient.newHttpClient();
    /** Nothing listens on port 1. */
    private final DatabaseUnderTest nowhere = DatabaseUnderTest.postgres("127.0.0.1", 1, "things", "things", "secret");

    private final Database away = nowhere.open();
    private ServiceServer server;

    @BeforeEach
    void start() {
        server = ServiceServer.builder(ServiceConfig.of(Map.of()), new Meters())
                .routes(rules -> rules.register("/v1/things", new Things(new JsonReader(mapper), away)))
                .build()
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        http.close();
        server.stop();
        away.close();
        nowhere.close();
    }

    @Test
    void answersAndEchoesTheRequestId() throws Exception {
        var response =
                http.send(request("/v1/things").header("X-Request-Id", "abc-1").build(), BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("X-Request-Id")).contains("abc-1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `{"name":"x"`                     | malformed-body | line 1, column
            `{"name":"x"} trailing`           | malformed-body | line 1, column
            `{"name":"x","name":"y"}`         | malformed-body | Duplicate field 'name' at line 1
            `["name"]`                        | malformed-body | must be a JSON object
            ``                                | malformed-body | empty
            `{"name":"x","colour":"red"}`     | invalid-fields | /colour
            `{"name":7}`                      | invalid-fields | must be a string
            `{"name":null}`                   | invalid-fields | must be a string
            `{}`                              | invalid-fields | required
            `{"name":"a\\u0000b"}`            | invalid-fields | U+0000
            `{"name":"a\\ud800b"}`            | invalid-fields | surrogate
            """)
    void refusesBodies(String body, String slug, String says) throws Exception {
        var response = post("/v1/things", "application/json", BodyPublishers.ofString(body));
        JsonNode problem = problem(response, 400, slug);
        assertThat(problem.toString()).contains(says);
    }

    @Test
    void refusesDeepNesting() throws Exception {
        var response = post("/v1/things", "application/json", BodyPublishers.ofString("{\"name\":" + "[".repeat(1000)));
        problem(response, 400, "malformed-body");
    }

    @Test
    void refusesWhatIsNotUtf8() throws Exception {
        byte[] body = {'{', '"', 'n', 'a', 'm', 'e', '"', ':', '"', (byte) 0xe9, '"', '}'};
        var response = post("/v1/things", "application/json", BodyPublishers.ofByteArray(body));
        assertThat(problem(response, 400, "malformed-body").get("detail").asText())
                .contains("UTF-8 at byte 10");
    }

    @Test
    void refusesOtherMediaTypes() throws Exception {
        problem(post("/v1/things", "text/plain", BodyPublishers.ofString("{}")), 415, "unsupported-media-type");
    }

    @Test
    void refusesLongBodiesWithAndWithoutLength() throws Exception {
        byte[] body = "x".repeat(5000).getBytes();
        problem(post("/v1/things", "application/json", BodyPublishers.ofByteArray(body)), 413, "payload-too-large");
        problem(
                post(
                        "/v1/things",
                        "application/json",
                        BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))),
                413,
                "payload-too-large");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/things", "/v1/nothing"})
    void answersClientsThatReadOnlyAfterTheirLongBody(String path) throws Exception {
        byte[] body = new byte[1024 * 1024];
        for (int i = 0; i < 10; i++) {
            try (Socket socket = new Socket("127.0.0.1", server.port())) {
                String head = "POST " + path + " HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n";
                socket.getOutputStream().write((head + "Content-Length: " + body.length + "\r\n\r\n").getBytes());
                socket.getOutputStream().write(body);
                assertThat(new String(socket.getInputStream().readAllBytes())).startsWith("HTTP/1.1 413 ");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/things", "/v1/nothing"})
    void answersClientsThatSendFarTooMuch(String path) throws Exception {
        int length = 32 * 1024 * 1024;
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            OutputStream out = socket.getOutputStream();
            String head = "POST " + path + " HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n";
            out.write((head + "Content-Length: " + length + "\r\n\r\n").getBytes());
            out.write(new byte[length]);
            assertThat(new String(socket.getInputStream().readAllBytes())).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void asksNobodyToSendWhatIsTooLong() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream()
                    .write(
                            "POST /v1/things HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 5000\r\n\r\n"
                                    .getBytes());
            assertThat(new String(socket.getInputStream().readAllBytes())).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void refusesBrokenChunks() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream()
                    .write(("POST /v1/things HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
                                    + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n")
                            .getBytes());
            assertThat(new String(socket.getInputStream().readAllBytes())).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void sendsNoBodyToHead() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream()
                    .write("HEAD /v1/nothing HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n".getBytes());
            assertThat(new String(socket.getInputStream().readAllBytes()))
                    .startsWith("HTTP/1.1 404 ")
                    .endsWith("\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/things",
                "/v1/things/1",
                "/v1/things/bytes",
                "/v1/things/stream",
                "/v1/things/broken",
                "/openapi"
            })
    void answersHeadAsGetWithoutTheBody(String path) throws Exception {
        HttpResponse<String> get = http.send(request(path).build(), BodyHandlers.ofString());
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream()
                    .write(("HEAD " + path + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").getBytes());
            String head = new String(socket.getInputStream().readAllBytes());

            assertThat(head).startsWith("HTTP/1.1 " + get.statusCode() + " ").endsWith("\r\n\r\n");
            assertThat(head.lines()
                            .skip(1)
                            .map(line -> line.replaceFirst(":.*", "").toLowerCase(Locale.ROOT)))
                    .containsAll(get.headers().map().keySet().stream()
                            .filter(name -> !name.equals("transfer-encoding"))
                            .toList());
            get.headers()
                    .firstValue("content-length")
                    .ifPresent(length -> assertThat(head).containsIgnoringCase("content-length: " + length + "\r\n"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/things/empty", "/v1/things/unchanged"})
    void saysNoLengthOfWhatHasNone(String path) throws Exception {
        HttpResponse<String> response = http.send(request(path).build(), BodyHandlers.ofString());

        assertThat(response.statusCode()).isIn(204, 304);
        assertThat(response.headers().map()).doesNotContainKey("content-length");
        assertThat(http.send(request("/v1/things/1").build(), BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void tellsUnknownRoutesFromWrongMethods() throws Exception {
        problem(http.send(request("/v1/nothing").build(), BodyHandlers.ofString()), 404, "not-found");
        var response = http.send(request("/v1/things/1").DELETE().build(), BodyHandlers.ofString());
        problem(response, 405, "method-not-allowed");
        assertThat(response.headers().firstValue("Allow")).contains("GET, HEAD");
    }

    @Test
    void hidesWhyItFailed() throws Exception {
        var response = http.send(request("/v1/things/broken").build(), BodyHandlers.ofString());
        problem(response, 500, "internal-error");
        assertThat(response.body()).doesNotContain("secret");
        assertThat(response.headers().firstValue("ETag")).isEmpty();
    }

    @Test
    void saysWhenTheDatabaseIsAway() throws Exception {
        var response = http.send(request("/v1/things/away").build(), BodyHandlers.ofString());
        problem(response, 503, "unavailable");
        assertThat(response.headers().firstValue("Retry-After")).contains("2");
    }

    @Test
    void refusesLongRequestLinesAndHeaders() throws Exception {
        problem(http.send(request("/" + "x".repeat(9000)).build(), BodyHandlers.ofString()), 414, "uri-too-long");
        problem(
                http.send(
                        request("/v1/things")
                                .header("X-Long", "x".repeat(20_000))
                                .build(),
                        BodyHandlers.ofString()),
                431,
                "headers-too-large");
    }

    @Test
    void servesItsDescription() throws Exception {
        assertThat(http.send(request("/openapi").build(), BodyHandlers.ofString())
                        .body())
                .startsWith("openapi:");
        var json = http.send(
                request("/openapi").header("Accept", "application/json").build(), BodyHandlers.ofString());
        assertThat(mapper.readTree(json.body()).get("openapi").asText()).isEqualTo("3.1.0");
        for (String file :
                new String[] {"/docs", "/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js", "/docs/start.js"}) {
            assertThat(http.send(request(file).build(), BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void isObserved() throws Exception {
        for (int i = 0; i < 3; i++) {
            http.send(request("/v1/things/1").build(), BodyHandlers.ofString());
        }
        assertThat(observe("/observe/health/started").statusCode()).isEqualTo(200);
        assertThat(observe("/observe/health/live").statusCode()).isEqualTo(200);
        assertThat(observe("/observe/health/ready").statusCode()).isEqualTo(200);
        assertThat(observe("/observe/info").body()).contains("kit-test");
        assertThat(observe("/observe/metrics").body())
                .contains(
                        "http_server_request_duration_seconds_count{method=\"GET\",route=\"/v1/things/{id}\",status=\"200\"} 3")
                .contains("jvm_memory_used_bytes");
    }

    private HttpResponse<String> observe(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.observePort() + path))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    private HttpResponse<String> post(String path, String type, BodyPublisher body) throws Exception {
        return http.send(request(path).header("Content-Type", type).POST(body).build(), BodyHandlers.ofString());
    }

    private JsonNode problem(HttpResponse<String> response, int status, String slug) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = mapper.readTree(response.body());
        assertThat(problem.get("type").asText()).isEqualTo("https://taskplatform.dev/problems/" + slug);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("requestId").asText())
                .isEqualTo(response.headers().firstValue("X-Request-Id").orElseThrow());
        return problem;
    }

    private record Things(JsonReader json, Database away) implements HttpService {
        @Override
        public void routing(HttpRules rules) {
            rules.get("/", this::list).post("/", this::create).get("/{id}", this::get);
        }

        private void list(ServerRequest request, ServerResponse response) {
            response.send(Map.of("items", 0));
        }

        private void create(ServerRequest request, ServerResponse response) {
            JsonFields body = json.fields(request);
            String name = body.required("name", Function.identity());
            body.done();
            response.send(Map.of("name", name));
        }

        private void get(ServerRequest request, ServerResponse response) throws Exception {
            switch (request.path().pathParameters().get("id")) {
                case "broken" -> {
                    response.header("ETag", "\"1\"");
                    throw new IllegalStateException("a secret");
                }
                case "bytes" -> response.send("bytes".getBytes());
                case "stream" -> {
                    try (OutputStream out = response.outputStream()) {
                        out.write("stream".getBytes());
                    }
                }
                case "empty" -> response.status(Status.NO_CONTENT_204).send();
                case "unchanged" ->
                    response.status(Status.NOT_MODIFIED_304)
                            .header("ETag", "\"1\"")
                            .send();
                case "away" -> away.read(handle -> handle.execute("SELECT 1"));
                default -> response.send(Map.of());
            }
        }
    }
}
