// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.OnEveryDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The feed of changes and its streams, over HTTP and held to the document. */
@OnEveryDatabase
class ChangesApiTest extends ApiTest {
    ChangesApiTest() {
        super("changes");
    }

    @Test
    void tellsEverythingAndThenWhatChanged() {
        String task = create("{\"title\": \"t\"}").json().get("id").asText();
        JsonNode all = get("/v1/changes").json();
        assertThat(kinds(all)).containsExactlyInAnyOrder("list", "task");
        assertThat(all.get("more").asBoolean()).isFalse();

        JsonNode nothing = since(all);
        assertThat(nothing.get("items")).isEmpty();
        patch("/v1/tasks/" + task, "{\"title\": \"u\"}");
        JsonNode changed = since(nothing);
        assertThat(changed.get("items")).hasSize(1);
        assertThat(changed.at("/items/0/task/title").asText()).isEqualTo("u");

        as(api.request("DELETE", "/v1/tasks/" + task));
        JsonNode removed = since(changed);
        assertThat(removed.at("/items/0/removed").asBoolean()).isTrue();
        assertThat(removed.at("/items/0/id").asText()).isEqualTo(task);
        as(api.request("POST", "/v1/trash/" + task + "/restore"));
        assertThat(since(removed).at("/items/0/task/title").asText()).isEqualTo("u");
        assertThat(kinds(get("/v1/changes").json())).hasSize(2);
    }

    @Test
    void tellsPageByPage() {
        for (int i = 0; i < 5; i++) {
            create("{\"title\": \"t%d\"}".formatted(i));
        }
        List<String> told = new ArrayList<>();
        JsonNode page = get("/v1/changes?limit=2").json();
        told.addAll(page.get("items").findValuesAsText("title"));
        while (page.get("more").asBoolean()) {
            page = get("/v1/changes?limit=2&since=" + page.get("next").asText()).json();
            told.addAll(page.get("items").findValuesAsText("title"));
        }
        assertThat(told).containsExactly("t0", "t1", "t2", "t3", "t4");
    }

    @Test
    void tellsAWholeListToWhoGainsItAndThatItIsGoneToWhoLosesIt() {
        String list = location(as(api.post("/v1/lists", "{\"name\": \"Garden\"}")));
        String id = list.substring("/v1/lists/".length());
        String task = create("{\"title\": \"old\", \"listId\": \"%s\"}".formatted(id))
                .json()
                .get("id")
                .asText();
        as(api.post("/v1/tasks/" + task + "/comments", "{\"text\": \"c\"}"));
        UUID ann = userId;
        UUID bob = beKnown("bob-" + System.nanoTime());
        JsonNode before = get("/v1/changes").json();
        assertThat(before.get("items")).isEmpty();

        be(ann, "ann");
        as(api.request("PUT", list + "/members/" + bob).body("application/json", "{\"role\": \"write\"}"));
        be(bob, "bob");
        JsonNode gained = since(before);
        assertThat(kinds(gained)).containsExactlyInAnyOrder("list", "task", "comment");
        assertThat(gained.findValuesAsText("role")).containsOnly("write");

        be(ann, "ann");
        as(api.request("PUT", list + "/members/" + bob).body("application/json", "{\"role\": \"read\"}"));
        be(bob, "bob");
        JsonNode demoted = since(gained);
        assertThat(demoted.at("/items/0/list/role").asText()).isEqualTo("read");

        as(api.request("DELETE", list + "/members/" + bob));
        JsonNode lost = since(demoted);
        assertThat(lost.get("items")).hasSize(1);
        assertThat(lost.at("/items/0/kind").asText()).isEqualTo("list");
        assertThat(lost.at("/items/0/removed").asBoolean()).isTrue();
    }

    @Test
    void tellsOfAMoveWhereTheTaskIsNow() {
        String list = location(as(api.post("/v1/lists", "{\"name\": \"Garden\"}")));
        String task = create("{\"title\": \"t\"}").json().get("id").asText();
        as(api.post("/v1/tasks/" + task + "/comments", "{\"text\": \"c\"}"));
        JsonNode before = get("/v1/changes").json();

        as(api.post(
                "/v1/tasks/" + task + "/move",
                "{\"listId\": \"%s\"}".formatted(list.substring("/v1/lists/".length()))));
        JsonNode moved = since(before);
        assertThat(moved.findValuesAsText("removed")).isEmpty();
        assertThat(kinds(moved)).containsOnly("task", "comment");
        assertThat(moved.get("items").findValuesAsText("listId")).containsOnly(list.substring(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"since=AAAA", "since=", "limit=0", "limit=201", "sinse=x"})
    void refusesQueries(String query) {
        assertThat(get("/v1/changes?" + query).status()).isEqualTo(400);
        assertThat(get("/v1/changes/stream?" + query).status()).isEqualTo(400);
    }

    @Test
    void refusesTokensOfOthersAndOldOnes() {
        create("{\"title\": \"t\"}");
        String token = get("/v1/changes").json().get("next").asText();
        UUID ann = userId;
        be("bob");
        assertThat(get("/v1/changes?since=" + token).status()).isEqualTo(400);
        assertThat(get("/v1/changes/stream?since=" + token).status()).isEqualTo(400);

        setTime(START.plus(Duration.ofDays(91)));
        be(ann, "ann");
        assertThat(get("/v1/changes?since=" + token).status()).isEqualTo(410);
        assertThat(get("/v1/changes/stream?since=" + token).status()).isEqualTo(410);
        assertThat(get("/v1/changes").status()).isEqualTo(200);
    }

    /** As after a restore: what the client has seen is not there, and what comes has positions that it has passed. */
    @Test
    void refusesATokenOfALaterStateThanTheServices() {
        create("{\"title\": \"t\"}");
        String token = get("/v1/changes").json().get("next").asText();
        try (Database other = database.open()) {
            other.write(handle -> handle.execute("UPDATE change_clock SET base = base - 1000000"));
            try {
                ApiResponse refused = get("/v1/changes?since=" + token);
                assertThat(refused.status()).isEqualTo(410);
                assertThat(refused.json().get("detail").asText()).contains("read from the start");
                assertThat(get("/v1/changes/stream?since=" + token).status()).isEqualTo(410);
                assertThat(get("/v1/changes").status()).isEqualTo(200);
            } finally {
                other.write(handle -> handle.execute("UPDATE change_clock SET base = base + 1000000"));
            }
        }
        assertThat(get("/v1/changes?since=" + token).status()).isEqualTo(200);
    }

    @Test
    void streamsWhatChangesAndGoesOnAfterACut() throws Exception {
        create("{\"title\": \"before\"}");
        String token = get("/v1/changes").json().get("next").asText();
        String last;
        try (Stream stream = open("?since=" + token, Map.of())) {
            await().untilAsserted(() -> assertThat(stream.ids()).hasSize(1));
            create("{\"title\": \"live\"}");
            await().untilAsserted(() -> assertThat(stream.lines())
                    .anySatisfy(line -> assertThat(line).startsWith("data: ").contains("live")));
            await().untilAsserted(() -> assertThat(stream.ids()).hasSizeGreaterThan(1));
            assertThat(stream.lines()).noneSatisfy(line -> assertThat(line).contains("before"));
            last = stream.ids().getLast();
        }
        create("{\"title\": \"meanwhile\"}");
        try (Stream again = open("?since=" + token, Map.of("Last-Event-ID", last))) {
            await().untilAsserted(() -> assertThat(again.lines())
                    .anySatisfy(line -> assertThat(line).contains("meanwhile")));
            assertThat(again.lines()).noneSatisfy(line -> assertThat(line).contains("\"live\""));
        }
    }

    @Test
    void streamsFromAnotherReplicaAndEndsWhenItStops() throws Exception {
        create("{\"title\": \"before\"}");
        String since = get("/v1/changes").json().get("next").asText();
        Stream stream;
        try (TaskServiceUnderTest replica = start(database, users.url(), Map.of())) {
            stream = open(replica.server().port(), "?since=" + since, Map.of());
            create("{\"title\": \"elsewhere\"}");
            await().untilAsserted(() -> assertThat(stream.lines())
                    .anySatisfy(line -> assertThat(line).contains("elsewhere")));
        }
        await().untilAsserted(() -> assertThat(stream.isEnded()).isTrue());
        stream.close();
    }

    @Test
    void endsAStreamWhoseSessionIsRevoked() throws Exception {
        UUID session = UUID.randomUUID();
        token = users.token(userId, "ann", session);
        create("{\"title\": \"before\"}");
        try (Stream stream =
                open("?since=" + get("/v1/changes").json().get("next").asText(), Map.of())) {
            await().untilAsserted(() -> assertThat(stream.ids()).hasSize(1));
            users.append("session.revoked", userId, session);
            await().untilAsserted(() -> assertThat(stream.isEnded()).isTrue());
        }
    }

    @Test
    void hasAnEndOfStreams() throws Exception {
        create("{\"title\": \"t\"}");
        String query = "?since=" + get("/v1/changes").json().get("next").asText();
        List<Stream> streams = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Stream stream = open(query, Map.of());
            await().untilAsserted(() -> assertThat(stream.ids()).isNotEmpty());
            streams.add(stream);
        }
        ApiResponse tooMany = get("/v1/changes/stream" + query);
        assertThat(tooMany.status()).isEqualTo(429);
        assertThat(as(api.get("/v1/changes/stream").header("Last-Event-ID", "x"))
                        .status())
                .isEqualTo(400);
        assertThat(get("/v1/changes/stream").status()).isEqualTo(400);
        for (Stream stream : streams) {
            stream.close();
        }
        // Its end is seen at the next write.
        create("{\"title\": \"u\"}");
        await().untilAsserted(() -> {
            create("{\"title\": \"v\"}");
            try (Stream one = open(query, Map.of())) {
                assertThat(one.status()).isEqualTo(200);
            }
        });
    }

    private Stream open(String query, Map<String, String> headers) throws Exception {
        return open(service.server().port(), query, headers);
    }

    private Stream open(int port, String query, Map<String, String> headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d/v1/changes/stream%s".formatted(port, query)))
                .header("Authorization", "Bearer " + token);
        headers.forEach(request::header);
        Stream stream = new Stream(request.build());
        contract().saw("GET /v1/changes/stream", stream.status());
        return stream;
    }

    private JsonNode since(JsonNode page) {
        return get("/v1/changes?since=" + page.get("next").asText()).json();
    }

    private static List<String> kinds(JsonNode page) {
        return page.get("items").findValuesAsText("kind");
    }

    /** What comes of a stream until it is closed. */
    private static final class Stream implements AutoCloseable {
        private final HttpClient client = HttpClient.newHttpClient();
        private final HttpResponse<InputStream> response;
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private volatile boolean ended;

        Stream(HttpRequest request) throws Exception {
            response = client.send(request, BodyHandlers.ofInputStream());
            Thread.ofVirtual().start(this::read);
        }

        private void read() {
            try (BufferedReader reader =
                    new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                reader.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException e) {
                // Closed.
            }
            ended = true;
        }

        int status() {
            return response.statusCode();
        }

        List<String> lines() {
            return lines;
        }

        List<String> ids() {
            return lines.stream()
                    .filter(line -> line.startsWith("id: "))
                    .map(line -> line.substring(4))
                    .toList();
        }

        boolean isEnded() {
            return ended;
        }

        @Override
        public void close() {
            client.shutdownNow();
        }
    }
}
