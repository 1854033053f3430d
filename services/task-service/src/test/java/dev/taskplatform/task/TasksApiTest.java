// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.OnEveryDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks, over HTTP and held to the document. */
@OnEveryDatabase
class TasksApiTest extends ApiTest {
    TasksApiTest() {
        super("tasks");
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
        be("bob");

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
    void makesNoTaskInAListOfOthers() {
        assertThat(create("{\"title\": \"t\", \"listId\": \"%s\"}".formatted(UUID.randomUUID()))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void answersARouteByItsNameWhateverTheMethod() {
        ApiResponse response =
                api.request("PATCH", "/v1/tasks/next").bearer(token).sendUndocumented();
        assertThat(response.status()).isEqualTo(405);
        assertThat(response.header("Allow")).contains("GET, HEAD");
    }

    @Test
    void makesATaskOnceThatItsClientNamed() {
        String task = "{\"id\": \"0199f7a2-5b0c-7d3e-8f4a-6b1c2d3e4f51\", \"title\": \"t\"}";
        assertThat(create(task).status()).isEqualTo(201);
        assertThat(create(task).status()).isEqualTo(200);
        be("bob");
        assertThat(create(task).status()).isEqualTo(409);
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
    void refusesExpiredTokens() {
        setTime(START.plus(Duration.ofMinutes(16)));
        assertThat(get("/v1/tasks").status()).isEqualTo(401);
    }

    @Test
    void hidesOthersTasks() {
        String location = location(create("{\"title\": \"mine\"}"));
        be("bob");

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
        setTime(START.plusSeconds(5));

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

    @Test
    void hasNoTaskWaitForItself() {
        ApiResponse made = create("{\"title\": \"t\"}");
        String id = made.json().get("id").asText();
        for (String patch : List.of("{\"blockedBy\": [\"%s\"]}", "{\"parentId\": \"%s\"}")) {
            assertThat(patch(location(made), patch.formatted(id)).status()).isEqualTo(409);
        }
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
    void goesOnWhileTheUserServiceIsAway() {
        try (FakeUserService mortal = new FakeUserService(clock());
                TaskServiceUnderTest other =
                        start(database, mortal.url(), Map.of("compatibility.simple-api", "true"))) {
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
        try (TaskServiceUnderTest other = start(database, "http://127.0.0.1:1", Map.of())) {
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

    private ApiResponse create(String key, String body) {
        return as(api.post("/v1/tasks", body).header("Idempotency-Key", key));
    }

    private ApiResponse ifMatch(String path, String tags, String patch) {
        return as(api.request("PATCH", path).body(MERGE_PATCH, patch).header("If-Match", tags));
    }
}
