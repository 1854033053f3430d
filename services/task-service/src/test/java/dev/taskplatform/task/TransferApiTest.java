// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.kit.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Import and export, over HTTP and held to the document. */
@OnEveryDatabase
class TransferApiTest extends ApiTest {
    private static final String CALENDAR = """
            BEGIN:VCALENDAR
            VERSION:2.0
            BEGIN:VTIMEZONE
            TZID:Europe/Berlin
            END:VTIMEZONE
            BEGIN:VTODO
            UID:1
            SUMMARY:Water\\, please
            DESCRIPTION:two\\nlines
            STATUS:IN-PROCESS
            PRIORITY:1
            DTSTART;VALUE=DATE:20261130
            DUE;TZID=Europe/Berlin:20261201T100000
            CATEGORIES:home,garden
            BEGIN:VALARM
            ACTION:DISPLAY
            TRIGGER;RELATED=END:-PT30M
            END:VALARM
            END:VTODO
            BEGIN:VEVENT
            UID:2
            SUMMARY:no task
            END:VEVENT
            BEGIN:VTODO
            UID:3
            SUMMARY:Long
              folded
            RELATED-TO:1
            END:VTODO
            BEGIN:VTODO
            UID:4
            SUMMARY:Bad
            DUE:whenever
            END:VTODO
            END:VCALENDAR
            """.replace("\n", "\r\n");

    private final ObjectMapper mapper = Json.mapper();

    TransferApiTest() {
        super("transfer", Map.of("import.max-size", "65536", "import.max-items", "300"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "csv", "icalendar"})
    void importsWhatItExports(String format) {
        createFullTask();
        create("{\"title\": \"=1+1\", \"description\": \"a, \\\"b\\\"\\nc\", \"status\": \"done\"}");
        JsonNode exported = get("/v1/tasks").json().get("items");
        ApiResponse file = get("/v1/export?format=" + format);
        assertThat(file.status()).isEqualTo(200);

        be("bob");
        JsonNode done = finished(send(mediaType(format), file.body()));
        assertThat(done.get("state").asText()).isEqualTo("done");
        assertThat(done.get("errors")).isEmpty();
        assertThat(done.get("created").asInt()).isEqualTo(exported.size());

        JsonNode imported = get("/v1/tasks").json().get("items");
        assertThat(comparable(imported, format)).isEqualTo(comparable(exported, format));
    }

    @Test
    void keepsListsAndLinksOfAFile() {
        String json = """
                {"format": "taskplatform", "version": 1, "lists": [
                  {"id": "a", "name": "Garden", "tasks": [
                    {"id": "x", "title": "Dig", "blockedBy": ["y", "lost"]},
                    {"id": "y", "title": "Buy a spade"}]},
                  {"id": "b", "name": "Inbox", "inbox": true, "tasks": [{"title": "Rest"}, {"titel": "?"}, 7]}]}
                """;
        JsonNode done = finished(send("application/json", json));

        assertThat(done.get("created").asInt()).isEqualTo(3);
        assertThat(done.get("refused").asInt()).isEqualTo(2);
        assertThat(done.at("/errors/0/item").asInt()).isEqualTo(4);
        assertThat(done.get("errors").findValuesAsText("detail"))
                .anySatisfy(detail -> assertThat(detail).contains("titel"))
                .anySatisfy(detail -> assertThat(detail).contains("must be an object"))
                .anySatisfy(detail -> assertThat(detail).contains("lost"));
        JsonNode tasks = get("/v1/tasks").json().get("items");
        JsonNode dig = titled(tasks, "Dig");
        assertThat(dig.get("blockedBy")).hasSize(1);
        assertThat(dig.at("/blockedBy/0").asText())
                .isEqualTo(titled(tasks, "Buy a spade").get("id").asText());
        assertThat(titled(tasks, "Rest").get("listId").asText()).isEqualTo(userId.toString());
        assertThat(get("/v1/export?listId=" + dig.get("listId").asText())
                        .json()
                        .at("/lists/0/name")
                        .asText())
                .isEqualTo("Garden");
    }

    @Test
    void putsEverythingIntoOneListIfToldTo() {
        create("{\"title\": \"makes the inbox\"}");
        finished(as(api.request("POST", "/v1/imports?listId=" + userId)
                .body("text/csv", "title,list\nDig,Garden\nRest,\n")));

        assertThat(get("/v1/tasks").json().get("items").findValuesAsText("listId"))
                .containsExactly(userId.toString(), userId.toString(), userId.toString());
    }

    @Test
    void readsACalendar() {
        JsonNode done = finished(send("text/calendar", CALENDAR));

        assertThat(done.get("created").asInt()).isEqualTo(2);
        assertThat(done.at("/errors/0/item").asInt()).isEqualTo(3);
        JsonNode tasks = get("/v1/tasks").json().get("items");
        JsonNode water = titled(tasks, "Water, please");
        assertThat(water.get("description").asText()).isEqualTo("two\nlines");
        assertThat(water.get("status").asText()).isEqualTo("in_progress");
        assertThat(water.get("priority").asText()).isEqualTo("urgent");
        assertThat(water.get("start").asText()).isEqualTo("2026-11-30");
        assertThat(water.get("due").asText()).isEqualTo("2026-12-01T10:00:00+01:00[Europe/Berlin]");
        assertThat(water.get("labels").toString()).isEqualTo("[\"home\",\"garden\"]");
        assertThat(water.get("reminders").toString()).isEqualTo("[\"-PT30M\"]");
        assertThat(titled(tasks, "Long folded").get("parentId").asText())
                .isEqualTo(water.get("id").asText());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            application/json | `{"lists": [{"id": "a", "name": "x", "tasks": [{"title": "t"}]}`
            application/json | `[]`
            application/json | `{"version": 2, "lists": []}`
            application/json | `{"lists": [{"tasks": [], "id": "a"}]}`
            application/json | `{"lists": []} more`
            application/json | `{"lists": {}}`
            text/csv         | `name,status`
            text/csv         | `title,title`
            text/csv         | `title\\n"never closed`
            text/calendar    | `BEGIN:VTODO`
            text/calendar    | `hello`
            """)
    void refusesFilesThatAreNotWrittenInTheirFormat(String type, String text) {
        ApiResponse response = send(type, text.replace("\\n", "\n"));

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.json().get("type").asText()).endsWith("/malformed-file");
        assertThat(get("/v1/tasks").json().get("items")).isEmpty();
        assertThat(get("/v1/imports").json().at("/items/0/state").asText()).isEqualTo("cancelled");
    }

    @Test
    void refusesAnItemThatNeverEnds() {
        String endless = "title\n\"" + "x".repeat(60_000);
        assertThat(send("text/csv", endless).status()).isEqualTo(400);
    }

    @Test
    void refusesTooManyItems() {
        ApiResponse response = send("text/csv", "title\n" + "t\n".repeat(301));
        assertThat(response.status()).isEqualTo(413);
        assertThat(response.json().get("type").asText()).endsWith("/too-many-items");
    }

    @Test
    void makesMoreThanAPartOfTasks() {
        StringBuilder csv = new StringBuilder("id,title,parentId\n");
        for (int i = 1; i <= 250; i++) {
            csv.append(i).append(",t").append(i).append(i > 100 ? ",1\n" : ",\n");
        }
        JsonNode done = finished(send("text/csv", csv.toString()));

        assertThat(done.get("created").asInt()).isEqualTo(250);
        assertThat(done.get("errors")).isEmpty();
        List<String> parents = new ArrayList<>();
        for (String next = "/v1/tasks?limit=100"; next != null; ) {
            ApiResponse page = get(next);
            parents.addAll(page.json().get("items").findValuesAsText("parentId"));
            next = next(page);
        }
        assertThat(parents).hasSize(150);
    }

    @Test
    void listsImportsAndEndsThem() {
        finished(send("text/csv", "title\nfirst\n"));
        finished(send("text/csv", "title\nsecond\n"));

        ApiResponse page = get("/v1/imports?limit=1");
        assertThat(page.json().get("items")).hasSize(1);
        JsonNode other = get(next(page)).json();
        assertThat(other.get("items")).hasSize(1);
        String path = "/v1/imports/" + other.at("/items/0/id").asText();
        assertThat(as(api.request("DELETE", path)).status()).isEqualTo(204);
        assertThat(get(path).json().get("state").asText()).isEqualTo("done");

        be("bob");
        assertThat(get(path).status()).isEqualTo(404);
        assertThat(as(api.request("DELETE", path)).status()).isEqualTo(404);
        assertThat(get("/v1/imports").json().get("items")).isEmpty();
    }

    @Test
    void hasAPersonWaitWhoHasTooManyUnderWay() {
        try (Database own = database.open()) {
            for (int i = 0; i < 2; i++) {
                own.write(handle -> handle.execute(
                        "INSERT INTO task_import (id, user_id, format, state, received, created, refused, step, done_seq,"
                                + " lease_until, attempts, created_at, updated_at)"
                                + " VALUES (?, ?, 'csv', 'receiving', 0, 0, 0, 'tasks', 0, ?, 0, ?, ?)",
                        UUID.randomUUID(),
                        userId,
                        START,
                        START,
                        START));
            }
        }
        assertThat(send("text/csv", "title\nt\n").status()).isEqualTo(409);
        String path =
                "/v1/imports/" + get("/v1/imports").json().at("/items/0/id").asText();
        assertThat(as(api.request("DELETE", path)).status()).isEqualTo(204);
        assertThat(finished(send("text/csv", "title\nt\n")).get("created").asInt())
                .isEqualTo(1);
    }

    @Test
    void knowsNoListsOfOthers() {
        String list = UUID.randomUUID().toString();
        assertThat(get("/v1/export?listId=" + list).status()).isEqualTo(404);
        assertThat(as(api.request("POST", "/v1/imports?listId=" + list).body("text/csv", "title\nt\n"))
                        .status())
                .isEqualTo(404);
        assertThat(get("/v1/export?format=xml").status()).isEqualTo(400);
        assertThat(get("/v1/imports?limit=0").status()).isEqualTo(400);
        assertThat(get("/v1/imports/1").status()).isEqualTo(400);
        assertThat(as(api.request("DELETE", "/v1/imports/1")).status()).isEqualTo(400);
    }

    private void createFullTask() {
        ApiResponse made = create("""
                {"title": "full", "description": "# A\\n- b", "status": "in_progress", "priority": "high",
                 "due": "2026-12-01T10:00:00+01:00[Europe/Berlin]", "start": "2026-11-30", "labels": ["home", "a, b"],
                 "assignees": ["%s"], "reminders": ["-PT30M", "2026-11-30T10:00:00Z"]}
                """.formatted(userId));
        assertThat(made.status()).isEqualTo(201);
    }

    private ApiResponse send(String type, String text) {
        return as(api.request("POST", "/v1/imports").body(type, text));
    }

    private JsonNode finished(ApiResponse begun) {
        assertThat(begun.status()).isEqualTo(202);
        String path = location(begun);
        await().until(() -> get(path).json().get("state").asText(), List.of("done", "failed", "cancelled")::contains);
        return get(path).json();
    }

    private static String mediaType(String format) {
        return switch (format) {
            case "json" -> "application/json";
            case "csv" -> "text/csv";
            default -> "text/calendar";
        };
    }

    /** What is the same in both accounts, and can be said in the format. */
    private JsonNode comparable(JsonNode tasks, String format) {
        JsonNode copy = tasks.deepCopy();
        for (JsonNode task : copy) {
            ((ObjectNode) task).remove(List.of("id", "listId", "createdBy", "assignees", "updatedAt"));
            if (format.equals("icalendar")) {
                ((ObjectNode) task).remove(List.of("position", "createdAt", "completedAt"));
            }
        }
        return mapper.valueToTree(copy);
    }

    private static JsonNode titled(JsonNode tasks, String title) {
        for (JsonNode task : tasks) {
            if (task.get("title").asText().equals(title)) {
                return task;
            }
        }
        throw new AssertionError("There is no task " + title + " in " + tasks);
    }
}
