// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.contract.OpenApiContract;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operation with every status, over HTTP and held to the document. */
class TaskApiTest {
    private static final OpenApiContract CONTRACT = OpenApiContract.load();
    private static final Instant START = Instant.parse("2026-03-01T12:00:00.123456Z");
    private static final String MERGE_PATCH = "application/merge-patch+json";
    private static final String SOME_TASK = "/v1/tasks/0199f7a2-5b0c-7d3e-8f4a-6b1c2d3e4f50";

    private static final AtomicReference<Instant> NOW = new AtomicReference<>(START);
    private static DatabaseUnderTest database;
    private static FakeUserService users;
    private static TaskServiceUnderTest service;
    private static ApiClient api;

    private final UUID userId = UUID.randomUUID();
    private String token;

    @BeforeAll
    static void start() {
        database = DatabaseUnderTest.embedded();
        users = new FakeUserService(clock());
        service = start(database.settings(), users.url(), true);
        api = service.client();
    }

    @AfterAll
    static void stop() throws Exception {
        service.close();
        users.close();
        database.close();
        CONTRACT.tags().forEach(CONTRACT::assertComplete);
        CONTRACT.assertRoutes(service.server().routes());
    }

    @BeforeEach
    void signIn() {
        NOW.set(START);
        users.mood(FakeUserService.Mood.WELL);
        token = users.token(userId, "ann");
    }

    private static Clock clock() {
        InstantSource source = NOW::get;
        return source.withZone(ZoneOffset.UTC);
    }

    private static TaskServiceUnderTest start(Map<String, String> database, String users, boolean simpleApi) {
        return TaskServiceUnderTest.start(
                database,
                users,
                Map.of("compatibility.simple-api", Boolean.toString(simpleApi), "user-service.timeout", "PT0.5S"),
                clock(),
                CONTRACT);
    }

    @Test
    void theDocumentsExamplesFit() {
        CONTRACT.assertExamplesFit();
    }

    @Test
    void makesATaskAndShowsIt() {
        ApiResponse made = create("{\"title\": \"Water the plants\", \"description\": \"The fern, too.\"}");

        assertThat(made.status()).isEqualTo(201);
        JsonNode task = made.json();
        assertThat(task.get("status").asText()).isEqualTo("todo");
        assertThat(task.get("createdAt").asText()).isEqualTo(START.toString());
        assertThat(task.get("updatedAt").asText()).isEqualTo(START.toString());
        assertThat(made.header("Location"))
                .contains("/v1/tasks/" + task.get("id").asText());

        ApiResponse read = get(location(made));
        assertThat(read.json()).isEqualTo(task);
        assertThat(read.header("ETag")).isEqualTo(made.header("ETag"));
    }

    @Test
    void makesOneTaskOfARepeatedRequest() {
        ApiResponse first = create("one", "{\"title\": \"t\"}");
        ApiResponse again = create("\"one\"", "{\"title\": \"t\"}");

        assertThat(first.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(location(again)).isEqualTo(location(first));
        assertThat(again.header("ETag")).isEqualTo(first.header("ETag"));
        assertThat(again.header("Idempotency-Replayed")).contains("true");
        assertThat(get("/v1/tasks").json().get("items")).hasSize(1);
        assertThat(create("one", "{\"title\": \"other\"}").status()).isEqualTo(422);
        assertThat(create("a b", "{\"title\": \"t\"}").status()).isEqualTo(400);
    }

    @Test
    void keepsOnesKeysFromOthers() {
        create("one", "{\"title\": \"t\"}");
        token = users.token(UUID.randomUUID(), "bob");

        assertThat(create("one", "{\"title\": \"other\"}").status()).isEqualTo(201);
    }

    @Test
    void makesOneTaskOfManyEqualRequestsAtOnce() throws Exception {
        Callable<ApiResponse> untilAnswered =
                () -> await().until(() -> create("race", "{\"title\": \"t\"}"), response -> response.status() != 409);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<ApiResponse> answer : executor.invokeAll(
                    IntStream.range(0, 16).mapToObj(i -> untilAnswered).toList())) {
                assertThat(answer.get().status()).isEqualTo(201);
            }
        }
        assertThat(get("/v1/tasks").json().get("items")).hasSize(1);
    }

    @Test
    void turnsARepetitionAwayWhileTheFirstIsAtWork() {
        create("slow", "{\"title\": \"t\"}");
        try (Database behindItsBack = database.open()) {
            behindItsBack.write(handle -> handle.execute("UPDATE idempotency_key SET answer = NULL"));
        }
        assertThat(create("slow", "{\"title\": \"t\"}").status()).isEqualTo(409);
    }

    @Test
    void leavesOutADescriptionThatIsNotThere() {
        assertThat(create("{\"title\": \"t\", \"status\": \"done\"}").json().has("description"))
                .isFalse();
        assertThat(create("{\"title\": \"t\", \"description\": \"\"}")
                        .json()
                        .get("description")
                        .asText())
                .isEmpty();
    }

    @Test
    void countsCodePoints() {
        assertThat(create("{\"title\": \"%s\"}".formatted("🙂".repeat(200))).status())
                .isEqualTo(201);
        assertThat(create("{\"title\": \"%s\"}".formatted("🙂".repeat(201))).status())
                .isEqualTo(400);
        String description = "{\"title\": \"t\", \"description\": \"%s\"}";
        assertThat(create(description.formatted("🙂".repeat(10_000))).status()).isEqualTo(201);
        assertThat(create(description.formatted("x".repeat(10_001))).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `{}`                                          | /title
            `{"title": null}`                             | /title
            `{"title": 1}`                                | /title
            `{"title": ""}`                               | /title
            `{"title": " \\t\\n"}`                        | /title
            `{"title": "a\\u0000b"}`                      | /title
            `{"title": "t", "description": null}`         | /description
            `{"title": "t", "description": "\\u0000"}`    | /description
            `{"title": "t", "status": "finished"}`        | /status
            `{"title": "t", "status": "TODO"}`            | /status
            `{"title": "t", "id": "mine"}`                | /id
            `{"title": "t", "a/b~c": 1}`                  | /a~1b~0c
            """)
    void refusesFieldsOfANewTask(String body, String pointer) {
        ApiResponse response = create(body);
        assertThat(response.status()).isEqualTo(400);
        assertThat(response.json().get("errors").findValuesAsText("pointer")).containsExactly(pointer);
    }

    @Test
    void namesEverythingThatIsWrong() {
        JsonNode errors = create("{\"title\": \"\", \"status\": 1, \"colour\": \"red\"}")
                .json()
                .get("errors");
        assertThat(errors.findValuesAsText("pointer")).containsExactlyInAnyOrder("/title", "/status", "/colour");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"title\": \"t\"} x", "{\"title\": \"t\", \"title\": \"u\"}"})
    void refusesWhatIsNoJsonObject(String body) {
        assertThat(create(body).status()).isEqualTo(400);
    }

    @Test
    void refusesOtherMediaTypes() {
        String location = location(create("{\"title\": \"t\"}"));
        assertThat(as(api.request("POST", "/v1/tasks").body("text/plain", "{\"title\": \"t\"}"))
                        .status())
                .isEqualTo(415);
        assertThat(as(api.request("PATCH", location).body("application/json", "{}"))
                        .status())
                .isEqualTo(415);
    }

    @Test
    void refusesLongBodies() {
        String location = location(create("{\"title\": \"t\"}"));
        String body = "{\"title\": \"t\", \"description\": \"%s\"}".formatted("x".repeat(70_000));
        assertThat(create(body).status()).isEqualTo(413);
        assertThat(as(api.request("POST", "/v1/tasks").chunked("application/json", body))
                        .status())
                .isEqualTo(413);
        assertThat(patch(location, body).status()).isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/tasks",
                "POST /v1/tasks",
                "GET " + SOME_TASK,
                "PATCH " + SOME_TASK,
                "DELETE " + SOME_TASK
            })
    void wantsAToken(String route) {
        String[] request = route.split(" ");
        ApiResponse none = api.request(request[0], request[1]).send();
        assertThat(none.status()).isEqualTo(401);
        assertThat(none.header("WWW-Authenticate")).contains("Bearer realm=\"taskplatform\"");
        assertThat(api.request(request[0], request[1])
                        .bearer(users.forgedToken(userId, "ann"))
                        .send()
                        .status())
                .isEqualTo(401);
        ApiResponse scope = api.request(request[0], request[1])
                .bearer(users.token(userId, "ann", "openid profile"))
                .send();
        assertThat(scope.status()).isEqualTo(403);
        assertThat(scope.header("WWW-Authenticate").orElseThrow())
                .contains("error=\"insufficient_scope\"", "scope=\"tasks\"");
    }

    @Test
    void refusesExpiredTokens() {
        NOW.set(START.plus(Duration.ofMinutes(16)));
        assertThat(get("/v1/tasks").status()).isEqualTo(401);
    }

    @Test
    void hidesOthersTasks() {
        String location = location(create("{\"title\": \"mine\"}"));
        token = users.token(UUID.randomUUID(), "bob");

        assertThat(get(location).status()).isEqualTo(404);
        assertThat(patch(location, "{\"title\": \"ours\"}").status()).isEqualTo(404);
        assertThat(as(api.request("PATCH", location).body(MERGE_PATCH, "{}").header("If-Match", "\"1\""))
                        .status())
                .isEqualTo(404);
        assertThat(as(api.request("DELETE", location)).status()).isEqualTo(404);
        assertThat(get("/v1/tasks").json().get("items")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "null", "0199f7a2-5b0c-7d3e-8f4a-6b1c2d3e4f5", "0199f7a25b0c7d3e8f4a6b1c2d3e4f50"})
    void refusesWhatIsNoId(String id) {
        for (ApiResponse response : List.of(
                get("/v1/tasks/" + id), patch("/v1/tasks/" + id, "{}"), as(api.request("DELETE", "/v1/tasks/" + id)))) {
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.json().at("/errors/0/parameter").asText()).isEqualTo("id");
        }
    }

    @Test
    void changesWhatThePatchNames() {
        ApiResponse made = create("{\"title\": \"t\", \"description\": \"d\"}");
        NOW.set(START.plusSeconds(5));

        ApiResponse done = patch(location(made), "{\"status\": \"done\"}");
        assertThat(done.status()).isEqualTo(200);
        assertThat(done.json().get("title").asText()).isEqualTo("t");
        assertThat(done.json().get("description").asText()).isEqualTo("d");
        assertThat(done.json().get("status").asText()).isEqualTo("done");
        assertThat(done.json().get("createdAt").asText()).isEqualTo(START.toString());
        assertThat(done.json().get("updatedAt").asText())
                .isEqualTo(START.plusSeconds(5).toString());
        assertThat(done.header("ETag")).isNotEqualTo(made.header("ETag"));

        JsonNode bare = patch(location(made), "{\"description\": null, \"title\": \"u\"}")
                .json();
        assertThat(bare.has("description")).isFalse();
        assertThat(bare.get("title").asText()).isEqualTo("u");
        assertThat(get(location(made)).json()).isEqualTo(bare);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `{"title": null}`         | /title
            `{"status": null}`        | /status
            `{"description": 1}`      | /description
            `{"createdAt": "now"}`    | /createdAt
            `{"id": null}`            | /id
            """)
    void refusesPatches(String patch, String pointer) {
        String location = location(create("{\"title\": \"t\"}"));
        ApiResponse response = patch(location, patch);
        assertThat(response.status()).isEqualTo(400);
        assertThat(response.json().get("errors").findValuesAsText("pointer")).containsExactly(pointer);
        assertThat(get(location).json().get("title").asText()).isEqualTo("t");
    }

    @Test
    void removesATask() {
        String location = location(create("{\"title\": \"t\"}"));

        assertThat(as(api.request("DELETE", location)).status()).isEqualTo(204);
        assertThat(get(location).status()).isEqualTo(404);
        assertThat(patch(location, "{}").status()).isEqualTo(404);
        assertThat(as(api.request("DELETE", location)).status()).isEqualTo(404);
    }

    @Test
    void sendsATaskAgainOnlyIfItChanged() {
        ApiResponse made = create("{\"title\": \"t\"}");
        String tag = made.header("ETag").orElseThrow();

        for (String known : List.of(tag, "W/" + tag, "\"x\", " + tag, "*")) {
            ApiResponse same = as(api.get(location(made)).header("If-None-Match", known));
            assertThat(same.status()).as(known).isEqualTo(304);
            assertThat(same.header("ETag")).contains(tag);
        }
        patch(location(made), "{\"title\": \"u\"}");
        assertThat(as(api.get(location(made)).header("If-None-Match", tag)).status())
                .isEqualTo(200);
    }

    @Test
    void changesATaskOnlyIfItIsAsTheClientThinks() {
        ApiResponse made = create("{\"title\": \"t\"}");
        String location = location(made);
        String first = made.header("ETag").orElseThrow();
        String second = ifMatch(location, "\"x\", " + first, "{\"title\": \"u\"}")
                .header("ETag")
                .orElseThrow();

        for (String stale : List.of(first, "W/" + second, "\"02\"", "\"x\"", "\"99999999999999999999\"")) {
            assertThat(ifMatch(location, stale, "{\"title\": \"late\"}").status())
                    .as(stale)
                    .isEqualTo(412);
            assertThat(as(api.request("DELETE", location).header("If-Match", stale))
                            .status())
                    .as(stale)
                    .isEqualTo(412);
        }
        assertThat(get(location).json().get("title").asText()).isEqualTo("u");
        assertThat(ifMatch(location, "*", "{\"title\": \"any\"}").status()).isEqualTo(200);
        String third = get(location).header("ETag").orElseThrow();
        assertThat(as(api.request("DELETE", location).header("If-Match", third)).status())
                .isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "\"1", "1\"", "\"1\" \"2\"", "w/\"1\"", ",", "*, \"1\""})
    void refusesMalformedPreconditions(String header) {
        String location = location(create("{\"title\": \"t\"}"));
        for (ApiResponse response : List.of(
                ifMatch(location, header, "{}"),
                as(api.request("DELETE", location).header("If-Match", header)),
                as(api.get(location).header("If-None-Match", header)))) {
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.json().at("/errors/0/parameter").asText()).startsWith("If-");
        }
    }

    @Test
    void letsOneOfManyChangesOfTheSameStateWin() throws Exception {
        String location = location(create("{\"title\": \"t\"}"));
        List<Callable<Integer>> attempts = IntStream.range(0, 12)
                .<Callable<Integer>>mapToObj(
                        i -> () -> ifMatch(location, "\"1\"", "{\"title\": \"by %d\"}".formatted(i))
                                .status())
                .toList();
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> result : executor.invokeAll(attempts)) {
                statuses.add(result.get());
            }
        }
        assertThat(statuses).containsOnlyOnce(200).containsOnly(200, 412);
    }

    @Test
    void listsPageByPage() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            made.add(
                    create("{\"title\": \"t%d\"}".formatted(i)).json().get("id").asText());
        }
        List<String> listed = new ArrayList<>();
        String next = "/v1/tasks?limit=3";
        int pages = 0;
        while (next != null) {
            ApiResponse page = get(next);
            assertThat(page.status()).isEqualTo(200);
            listed.addAll(page.json().get("items").findValuesAsText("id"));
            next = next(page);
            if (next != null) {
                assertThat(next)
                        .contains("limit=3", "cursor=" + page.json().get("next").asText());
            } else {
                assertThat(page.json().has("next")).isFalse();
            }
            pages++;
        }
        assertThat(listed).isEqualTo(made);
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void listsTwentyUnlessToldOtherwise() {
        for (int i = 0; i < 21; i++) {
            create("{\"title\": \"t\"}");
        }
        assertThat(get("/v1/tasks").json().get("items")).hasSize(20);
        assertThat(get("/v1/tasks?limit=21").json().get("items")).hasSize(21);
        assertThat(next(get("/v1/tasks?limit=21"))).isNull();
    }

    @Test
    void listsByStatus() {
        create("{\"title\": \"1\", \"status\": \"done\"}");
        create("{\"title\": \"2\"}");
        create("{\"title\": \"3\", \"status\": \"done\"}");

        ApiResponse first = get("/v1/tasks?status=done&limit=1");
        assertThat(first.json().at("/items/0/title").asText()).isEqualTo("1");
        ApiResponse second = get(next(first));
        assertThat(second.json().get("items").findValuesAsText("title")).containsExactly("3");
        assertThat(next(second)).isNull();
        assertThat(get("/v1/tasks?status=in_progress").json().get("items")).isEmpty();
    }

    @Test
    void takesCursorsOnlyForTheirList() {
        create("{\"title\": \"1\"}");
        create("{\"title\": \"2\"}");
        String cursor = get("/v1/tasks?limit=1").json().get("next").asText();
        String flipped = (cursor.charAt(0) == 'A' ? 'B' : 'A') + cursor.substring(1);

        assertThat(get("/v1/tasks?limit=50&cursor=" + cursor).status()).isEqualTo(200);
        for (String query : List.of(
                "status=todo&cursor=" + cursor,
                "cursor=" + flipped,
                "cursor=" + cursor + "A",
                "cursor=",
                "cursor=AAAA",
                "cursor=%00")) {
            ApiResponse response = get("/v1/tasks?" + query);
            assertThat(response.status()).as(query).isEqualTo(400);
            assertThat(response.json().at("/errors/0/parameter").asText()).isEqualTo("cursor");
        }
        token = users.token(UUID.randomUUID(), "bob");
        assertThat(get("/v1/tasks?cursor=" + cursor).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0, limit",
        "limit=101, limit",
        "limit=-1, limit",
        "limit=ten, limit",
        "limit=, limit",
        "limit=99999999999, limit",
        "limit=1&limit=2, limit",
        "status=finished, status",
        "status=, status",
        "stauts=done, stauts"
    })
    void refusesQueries(String query, String parameter) {
        ApiResponse response = get("/v1/tasks?" + query);
        assertThat(response.status()).isEqualTo(400);
        assertThat(response.json().get("errors").findValuesAsText("parameter")).containsExactly(parameter);
    }

    @Test
    void replicasTakeEachOthersCursors() throws Exception {
        create("{\"title\": \"1\"}");
        create("{\"title\": \"2\"}");
        String next = next(get("/v1/tasks?limit=1"));
        try (TaskServiceUnderTest other = start(database.settings(), users.url(), false)) {
            ApiResponse page = other.client().get(next).bearer(token).send();
            assertThat(page.json().get("items").findValuesAsText("title")).containsExactly("2");
        }
    }

    @Test
    void goesOnWhileTheUserServiceIsAway() {
        try (FakeUserService mortal = new FakeUserService(clock());
                TaskServiceUnderTest other = start(database.settings(), mortal.url(), true)) {
            String bearer = mortal.token(userId, "ann");
            assertThat(other.client().get("/v1/tasks").bearer(bearer).send().status())
                    .isEqualTo(200);

            mortal.stop();
            assertThat(other.client().get("/v1/tasks").bearer(bearer).send().status())
                    .isEqualTo(200);
            assertThat(other.client()
                            .get("/v1/tasks")
                            .bearer(mortal.token(userId, "ann"))
                            .send()
                            .status())
                    .isEqualTo(200);
            assertThat(other.observer()
                            .get("/observe/health/ready")
                            .sendUndocumented()
                            .status())
                    .isEqualTo(200);
            assertThat(other.client().get("/tasks/ann?password=pw").send().status())
                    .isEqualTo(503);
        }
    }

    @Test
    void isNotReadyBeforeItHasKeys() {
        // Nothing listens on port 1.
        try (TaskServiceUnderTest other = start(database.settings(), "http://127.0.0.1:1", false)) {
            ApiResponse response = other.client().get("/v1/tasks").bearer(token).send();
            assertThat(response.status()).isEqualTo(503);
            assertThat(other.observer()
                            .get("/observe/health/ready")
                            .sendUndocumented()
                            .status())
                    .isEqualTo(503);
            assertThat(other.observer()
                            .get("/observe/health/live")
                            .sendUndocumented()
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void saysWhenItsDatabaseIsAway() throws Exception {
        users.register("ann", "pw");
        try (DatabaseUnderTest away = DatabaseUnderTest.postgres("127.0.0.1", 1, "tasks", "tasks", "secret");
                TaskServiceUnderTest waiting = start(away.settings(), users.url(), true)) {
            ApiClient client = waiting.client();
            for (ApiResponse response : List.of(
                    client.get("/v1/tasks").bearer(token).send(),
                    client.post("/v1/tasks", "{\"title\": \"t\"}").bearer(token).send(),
                    client.get(SOME_TASK).bearer(token).send(),
                    client.request("PATCH", SOME_TASK)
                            .body(MERGE_PATCH, "{}")
                            .bearer(token)
                            .send(),
                    client.request("DELETE", SOME_TASK).bearer(token).send(),
                    client.get("/tasks/ann?password=pw").send(),
                    client.post("/tasks?password=pw", simpleTask("ann")).send())) {
                assertThat(response.status()).isEqualTo(503);
            }
            assertThat(waiting.observer()
                            .get("/observe/health/ready")
                            .sendUndocumented()
                            .status())
                    .isEqualTo(503);
            assertThat(waiting.observer()
                            .get("/observe/health/live")
                            .sendUndocumented()
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void simpleClientsMakeAndListTheSameTasks() {
        token = users.token(users.register("simple", "p w&+"), "simple");
        String password = "?password=p%20w%26%2B";

        ApiResponse made = api.post("/tasks" + password, simpleTask("simple")).send();
        assertThat(made.body()).isEqualTo("{\"message\":\"Task created\"}");
        create("{\"title\": \"of v1\"}");

        assertThat(api.get("/tasks/simple" + password).send().body())
                .isEqualTo("[{\"title\":\"t\",\"description\":\"d\",\"username\":\"simple\"},"
                        + "{\"title\":\"of v1\",\"description\":\"\",\"username\":\"simple\"}]");
        assertThat(get("/v1/tasks").json().get("items").findValuesAsText("title"))
                .containsExactly("t", "of v1");
    }

    @Test
    void simpleClientsGetAllTheirTasks() {
        token = users.token(users.register("busy", "pw"), "busy");
        for (int i = 0; i < 1001; i++) {
            create("{\"title\": \"t%d\"}".formatted(i));
        }
        JsonNode all = api.get("/tasks/busy?password=pw").send().json();
        assertThat(all).hasSize(1001);
        assertThat(all.at("/1000/title").asText()).isEqualTo("t1000");
    }

    @Test
    void simpleClientsAreRefusedWithAWrongPassword() {
        users.register("guarded", "pw");
        for (ApiResponse response : List.of(
                api.get("/tasks/guarded?password=no").send(),
                api.get("/tasks/nobody?password=pw").send(),
                api.get("/tasks/guarded?password=").send(),
                api.post("/tasks?password=no", simpleTask("guarded")).send())) {
            assertThat(response.status()).isEqualTo(401);
            assertThat(response.body()).isEqualTo("{\"detail\":\"Authentication failed\"}");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /tasks             | `{"title": "t", "description": "d", "username": "ann"}` | query | password
            /tasks?password=pw | `{"description": "d", "username": "ann"}`               | body  | title
            /tasks?password=pw | `{"title": "t", "username": "ann"}`                     | body  | description
            /tasks?password=pw | `{"title": "t", "description": "d"}`                    | body  | username
            /tasks?password=pw | `{"title": 1, "description": "d", "username": "ann"}`   | body  | title
            """)
    void simpleClientsAreToldWhatTheirRequestLacks(String path, String body, String place, String name) {
        ApiResponse response = api.post(path, body).send();
        assertThat(response.status()).isEqualTo(422);
        assertThat(response.json().at("/detail/0/loc").toString()).isEqualTo("[\"%s\",\"%s\"]".formatted(place, name));
    }

    @Test
    void simpleClientsAreHeldToTheLimits() {
        assertThat(api.get("/tasks/ann").send().status()).isEqualTo(422);
        assertThat(api.post("/tasks?password=pw", "{").send().status()).isEqualTo(422);
        String body = "{\"title\": \"t\", \"description\": \"%s\", \"username\": \"ann\"}";
        assertThat(api.post("/tasks?password=pw", body.formatted("x".repeat(10_001)))
                        .send()
                        .status())
                .isEqualTo(422);
        assertThat(api.post("/tasks?password=pw", body.formatted("x".repeat(70_000)))
                        .send()
                        .status())
                .isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HANGS", "RESETS", "GARBLES", "MISSIGNS", "FAILS", "IS_NOT_THERE"})
    void simpleClientsAreToldToComeBackWhenThePasswordCannotBeChecked(FakeUserService.Mood mood) {
        try (FakeUserService moody = new FakeUserService(clock());
                TaskServiceUnderTest other = start(database.settings(), moody.url(), true)) {
            moody.register("ann", "pw");
            moody.mood(mood);
            ApiResponse response = other.client().get("/tasks/ann?password=pw").send();
            assertThat(response.status()).isEqualTo(503);

            moody.mood(FakeUserService.Mood.WELL);
            assertThat(other.client().get("/tasks/ann?password=pw").send().status())
                    .isEqualTo(200);
        }
    }

    @Test
    void simpleClientsAreToldThatThereWereTooManyAttempts() {
        try (FakeUserService moody = new FakeUserService(clock());
                TaskServiceUnderTest other = start(database.settings(), moody.url(), true)) {
            moody.mood(FakeUserService.Mood.IS_TIRED);

            for (ApiResponse response : List.of(
                    other.client().get("/tasks/ann?password=pw").send(),
                    other.client().post("/tasks?password=pw", simpleTask("ann")).send())) {
                assertThat(response.status()).isEqualTo(429);
                assertThat(response.header("Retry-After")).contains("60");
            }
        }
    }

    @Test
    void simpleClientsOfDisabledAccountsAreNobody() {
        try (FakeUserService moody = new FakeUserService(clock());
                TaskServiceUnderTest other = start(database.settings(), moody.url(), true)) {
            moody.mood(FakeUserService.Mood.REFUSES);

            assertThat(other.client().get("/tasks/ann?password=pw").send().status())
                    .isEqualTo(401);
        }
    }

    @Test
    void leavesAUserServiceAloneThatKeepsFailing() {
        try (FakeUserService moody = new FakeUserService(clock());
                TaskServiceUnderTest other = start(database.settings(), moody.url(), true)) {
            moody.register("ann", "pw");
            moody.mood(FakeUserService.Mood.FAILS);
            for (int i = 0; i < 30; i++) {
                assertThat(other.client().get("/tasks/ann?password=pw").send().status())
                        .isEqualTo(503);
            }
            assertThat(moody.signIns()).isLessThan(30);

            moody.mood(FakeUserService.Mood.WELL);
            NOW.set(START.plusSeconds(6));
            assertThat(other.client().get("/tasks/ann?password=pw").send().status())
                    .isEqualTo(200);
        }
    }

    @Test
    void hasNoSimpleApiUnlessItIsTurnedOn() throws Exception {
        try (TaskServiceUnderTest strict = start(database.settings(), users.url(), false)) {
            for (ApiResponse response : List.of(
                    strict.client().get("/tasks/ann?password=pw").sendUndocumented(),
                    strict.client()
                            .post("/tasks?password=pw", simpleTask("ann"))
                            .sendUndocumented())) {
                assertThat(response.status()).isEqualTo(404);
                assertThat(response.header("Content-Type")).contains("application/problem+json");
                assertThat(response.body()).doesNotContain("password");
            }
        }
    }

    private ApiResponse create(String body) {
        return as(api.post("/v1/tasks", body));
    }

    private ApiResponse create(String key, String body) {
        return as(api.post("/v1/tasks", body).header("Idempotency-Key", key));
    }

    private ApiResponse get(String path) {
        return as(api.get(path));
    }

    private ApiResponse patch(String path, String patch) {
        return as(api.request("PATCH", path).body(MERGE_PATCH, patch));
    }

    private ApiResponse ifMatch(String path, String tags, String patch) {
        return as(api.request("PATCH", path).body(MERGE_PATCH, patch).header("If-Match", tags));
    }

    private ApiResponse as(ApiClient.Request request) {
        return request.bearer(token).send();
    }

    private static String location(ApiResponse made) {
        return made.header("Location").orElseThrow();
    }

    /** Where the Link header leads; null when there is none. */
    private static String next(ApiResponse page) {
        Matcher link = Pattern.compile("<([^>]+)>; rel=\"next\"")
                .matcher(page.header("Link").orElse(""));
        return link.matches() ? link.group(1) : null;
    }

    private static String simpleTask(String username) {
        return "{\"title\": \"t\", \"description\": \"d\", \"username\": \"%s\", \"colour\": \"red\"}"
                .formatted(username);
    }
}
