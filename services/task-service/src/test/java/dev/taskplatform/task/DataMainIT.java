// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.contract.OpenApiContract;
import dev.taskplatform.kit.process.DataMainTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tasks, lists and all that belongs to them, through backup, restore and copy. */
class DataMainIT extends DataMainTests {
    private static final OpenApiContract CONTRACT = OpenApiContract.load();
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-01T12:00:00.123456Z"), ZoneOffset.UTC);
    private static final String PASSWORD = "correct horse battery staple";

    private final FakeUserService users = new FakeUserService(CLOCK);
    private final UUID ann = users.register("ann", PASSWORD);
    private final UUID bob = users.register("bob", PASSWORD);
    private final WebhookTarget target = new WebhookTarget();
    private Path key;
    private Path credentials;

    DataMainIT() {
        super(DataMain.class, "task-service");
    }

    @BeforeEach
    void prepare() throws IOException {
        key = Files.writeString(directory.resolve("key"), Base64.getEncoder().encodeToString(new byte[32]));
        credentials = Files.writeString(directory.resolve("credentials"), FakeUserService.ASSERTION);
    }

    @AfterEach
    void stop() {
        target.close();
        users.close();
    }

    @Override
    protected List<String> emptyTables() {
        return List.of(
                // What is done in the background at once.
                "list_removal", "removal", "task_import_row");
    }

    @Override
    protected Running start(Map<String, String> database) {
        TaskServiceUnderTest service = TaskServiceUnderTest.start(
                database,
                users.url(),
                Map.of(
                        "keys.encryption-key-file",
                        key.toString(),
                        "user-service.token-file",
                        credentials.toString(),
                        "user-service.event-wait",
                        "PT1S",
                        "webhook.allowed-networks",
                        "127.0.0.1",
                        "webhook.allow-http",
                        "true"),
                CLOCK,
                CONTRACT);
        return new Tasks(service);
    }

    private final class Tasks implements Running {
        private final TaskServiceUnderTest service;
        private final ApiClient api;

        Tasks(TaskServiceUnderTest service) {
            this.service = service;
            this.api = service.client();
        }

        @Override
        public void fill() {
            String webhook = id(send(
                    api.post("/v1/webhooks", "{\"url\": \"%s\", \"description\": \"mine\"}".formatted(target.url()))));
            String list = id(send(api.post("/v1/lists", "{\"name\": \"Garden\"}")));
            send(api.post("/v1/lists/" + list + "/members", "{\"username\": \"bob\", \"role\": \"write\"}"));
            String full = id(send(keyed("""
                    {"title": "Fern, \\u00c4pfel \\ud83c\\udf31", "description": "# A\\n- b", "status": "in_progress", "priority": "high",
                     "due": "2026-12-01T10:00:00+01:00[Europe/Berlin]", "start": "2026-11-30", "labels": ["home", "a, b"],
                     "assignees": ["%s"], "reminders": ["-PT30M", "2026-11-30T10:00:00Z"], "recurrence": "FREQ=DAILY"}
                    """.formatted(ann))));
            String part = id(send(api.post(
                    "/v1/tasks", "{\"title\": \"part\", \"parentId\": \"%s\", \"blockedBy\": []}".formatted(full))));
            send(api.post(
                    "/v1/tasks",
                    "{\"title\": \"blocked\", \"listId\": \"%s\", \"labels\": [\"Z\", \"a\", \"\\u00e4\"]}"
                            .formatted(list)));
            send(api.post("/v1/tasks", "{\"title\": \"later\", \"blockedBy\": [\"%s\"]}".formatted(part)));
            send(api.post("/v1/tasks/" + full + "/comments", "{\"text\": \"By hand\"}"));
            String gone = id(send(api.post("/v1/tasks", "{\"title\": \"gone\"}")));
            send(api.request("DELETE", "/v1/tasks/" + gone));
            String left = id(send(api.post("/v1/lists", "{\"name\": \"Left\"}")));
            send(api.post("/v1/lists/" + left + "/members", "{\"username\": \"bob\", \"role\": \"read\"}"));
            send(api.request("DELETE", "/v1/lists/" + left + "/members/" + bob));
            String imported = location(
                    send(api.request("POST", "/v1/imports").body("text/csv", "title,status\r\nimported,done\r\n")));
            await().until(() -> get(imported).get("state").asText(), "done"::equals);
            users.append("session.revoked", UUID.randomUUID(), UUID.randomUUID());
            await().until(() -> get("/v1/webhooks/" + webhook + "/deliveries").findValuesAsText("state").stream()
                    .allMatch("delivered"::equals));
        }

        @Override
        public List<JsonNode> view() {
            JsonNode tasks = get("/v1/tasks?limit=100");
            assertThat(tasks.get("items")).hasSizeGreaterThan(4);
            String commented = tasks.at("/items")
                    .valueStream()
                    .filter(task -> task.get("title").asText().startsWith("Fern"))
                    .findAny()
                    .orElseThrow()
                    .get("id")
                    .asText();
            String webhook = get("/v1/webhooks").at("/items/0/id").asText();
            return List.of(
                    tasks.get("items"),
                    get("/v1/tasks?sort=position").get("items"),
                    get("/v1/tasks?q=fern").get("items"),
                    get("/v1/tasks/next").get("items"),
                    get("/v1/tasks/" + commented + "/comments").get("items"),
                    get("/v1/lists").get("items"),
                    get("/v1/trash").get("items"),
                    get("/v1/webhooks").get("items"),
                    get("/v1/webhooks/" + webhook + "/deliveries").get("items"),
                    get("/v1/changes?limit=100").get("items"));
        }

        @Override
        public void use() {
            String from = get("/v1/changes?limit=100").get("next").asText();
            assertThat(send(keyed("{\"title\": \"another\"}")).status())
                    .as("what was done by this key before, and is another thing now")
                    .isEqualTo(422);
            String made = id(send(api.post("/v1/tasks", "{\"title\": \"fern of today\"}")));
            assertThat(get("/v1/changes?since=" + from).get("items").findValuesAsText("title"))
                    .containsExactly("fern of today");
            assertThat(get("/v1/tasks?q=today").get("items")).hasSize(1);
            assertThat(send(api.request("DELETE", "/v1/tasks/" + made)).status())
                    .isEqualTo(204);
            await().untilAsserted(() -> assertThat(
                            target.calls().getLast().json().at("/task/id").asText())
                    .isEqualTo(made));
        }

        private ApiClient.Request keyed(String task) {
            return api.post("/v1/tasks", task).header("Idempotency-Key", "once");
        }

        private JsonNode get(String path) {
            ApiResponse response = send(api.get(path));
            assertThat(response.status()).as(path).isEqualTo(200);
            return response.json();
        }

        private ApiResponse send(ApiClient.Request request) {
            return request.bearer(users.token(ann, "ann")).send();
        }

        private static String id(ApiResponse made) {
            assertThat(made.status()).as(made.body()).isEqualTo(201);
            return made.json().get("id").asText();
        }

        private static String location(ApiResponse made) {
            return made.header("Location").orElseThrow();
        }

        @Override
        public void close() {
            service.close();
        }
    }
}
