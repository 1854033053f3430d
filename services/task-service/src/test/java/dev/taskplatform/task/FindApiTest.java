// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.database.OnEveryDatabase;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Finding tasks, over HTTP and held to the document. */
@OnEveryDatabase
class FindApiTest extends ApiTest {
    FindApiTest() {
        super("find");
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
        be("bob");
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
        "priority=9, priority",
        "label=, label",
        "assignee=ann, assignee",
        "parentId=top, parentId",
        "dueFrom=soon, dueFrom",
        "q=, q",
        "q=%22%28%2A, q",
        "sort=colour, sort",
        "sort=, sort",
        "sort=due%2Cdue, sort",
        "sort=due%2Cstart%2Ctitle%2Cpriority, sort",
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
        try (TaskServiceUnderTest other = start(database, users.url(), Map.of())) {
            ApiResponse page = other.client().get(next).bearer(token).send();
            assertThat(page.json().get("items").findValuesAsText("title")).containsExactly("2");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            listId=GARDEN                                  | dig, plant, water
            status=todo&status=in_progress                 | call, dig, plant
            priority=urgent&priority=high                  | call, water
            label=green                                    | plant, water
            label=green&label=wet                          | water
            assignee=me                                    | plant
            parentId=PLANT                                 | water
            parentId=none                                  | call, dig, plant
            dueFrom=2026-12-01T09:00:00Z                   | plant, water
            dueBefore=2026-12-01T09:00:00Z                 | dig
            dueFrom=2026-12-01&dueBefore=2026-12-02        | dig, plant
            q=WATER the                                    | water
            q=wat                                          | ''
            q=fern the                                     | water
            q=ate                                          | ''
            q=grün                                         | plant
            status=todo&label=green&q=plant                | plant
            sort=due                                       | dig, plant, water, call
            sort=-due                                      | water, plant, dig, call
            sort=priority                                  | dig, plant, water, call
            sort=-priority,title                           | call, water, dig, plant
            sort=title                                     | call, dig, plant, water
            sort=-title                                    | water, plant, dig, call
            sort=-createdAt                                | call, water, plant, dig
            sort=status                                    | ?
            """)
    void findsWhatIsAskedFor(String query, String titles) {
        String garden = as(api.post("/v1/lists", "{\"name\": \"Garden\"}"))
                .json()
                .get("id")
                .asText();
        create("{\"title\": \"dig\", \"listId\": \"%s\", \"due\": \"2026-12-01\"}".formatted(garden));
        String plant = create("""
                        {"title": "plant", "listId": "%s", "due": "2026-12-01T10:00:00+01:00[Europe/Berlin]",
                         "labels": ["green"], "assignees": ["%s"], "description": "Alles GRÜN"}
                        """.formatted(garden, userId)).json().get("id").asText();
        create("""
                {"title": "water", "listId": "%s", "due": "2026-12-03", "labels": ["green", "wet"], "priority": "high",
                 "status": "done", "description": "The fern, too.", "parentId": "%s"}
                """.formatted(garden, plant));
        create("{\"title\": \"call\", \"priority\": \"urgent\", \"status\": \"in_progress\"}");

        String asked = query.replace("GARDEN", garden)
                .replace("PLANT", plant)
                .replace(" ", "%20")
                .replace("ü", URLEncoder.encode("ü", StandardCharsets.UTF_8));
        ApiResponse found = get("/v1/tasks?" + asked);
        if (titles.equals("?")) {
            assertThat(found.status()).isEqualTo(400);
            return;
        }
        List<String> expected = titles.isEmpty() ? List.of() : List.of(titles.split(", "));
        List<String> actual = found.json().get("items").findValuesAsText("title");
        if (query.contains("sort")) {
            assertThat(actual).isEqualTo(expected);
            assertThat(pages(asked)).isEqualTo(expected);
        } else {
            assertThat(actual).containsExactlyInAnyOrderElementsOf(expected);
        }
        be("bob");
        assertThat(get("/v1/tasks?" + asked.replace("listId=" + garden, ""))
                        .json()
                        .get("items"))
                .isEmpty();
    }

    @Test
    void findsWhatChangedMeanwhileByItsWords() {
        String task = location(create("{\"title\": \"apple\"}"));
        patch(task, "{\"title\": \"pear\"}");
        assertThat(get("/v1/tasks?q=apple").json().get("items")).isEmpty();
        assertThat(get("/v1/tasks?q=pear").json().get("items")).hasSize(1);

        as(api.request("DELETE", task));
        assertThat(get("/v1/tasks?q=pear").json().get("items")).isEmpty();
        as(api.request("POST", task.replace("tasks", "trash") + "/restore"));
        assertThat(get("/v1/tasks?q=pear").json().get("items")).hasSize(1);

        String list = as(api.post("/v1/lists", "{\"name\": \"other\"}"))
                .json()
                .get("id")
                .asText();
        as(api.post(task + "/move", "{\"listId\": \"%s\"}".formatted(list)));
        assertThat(get("/v1/tasks?q=pear&listId=" + list).json().get("items")).hasSize(1);
        assertThat(get("/v1/tasks?q=pear&listId=" + userId).json().get("items")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"",
                "a\" OR \"b",
                "list:x",
                "NEAR(a b)",
                "a*",
                "-a",
                "a & !b",
                "'a' | b",
                "a:*",
                "\\a",
                "a;--",
                "🙂 a",
                "{title}: a",
                "^a",
                "a + b"
            })
    void takesNoOperatorsInASearch(String text) {
        create("{\"title\": \"a\"}");
        int status = get("/v1/tasks?q=" + URLEncoder.encode(text, StandardCharsets.UTF_8))
                .status();
        assertThat(status).isEqualTo(text.equals("\"") ? 400 : 200);
        assertThat(get("/v1/tasks?q=" + "%F0%9F%99%82".repeat(100)).status()).isEqualTo(400);
    }

    @Test
    void keepsItsPlaceWhileTasksChange() {
        for (int i = 0; i < 6; i++) {
            create("{\"title\": \"t%d\", \"due\": \"2026-12-0%d\"}".formatted(i, i + 1));
        }
        ApiResponse page = get("/v1/tasks?sort=due&limit=3");
        String third = page.json().at("/items/2/id").asText();
        as(api.request("DELETE", "/v1/tasks/" + page.json().at("/items/0/id").asText()));
        patch("/v1/tasks/" + third, "{\"due\": null}");

        assertThat(get(next(page)).json().get("items").findValuesAsText("title"))
                .containsExactly("t3", "t4", "t5");
    }

    private List<String> pages(String query) {
        List<String> titles = new ArrayList<>();
        for (String next = "/v1/tasks?limit=1&" + query; next != null; ) {
            ApiResponse page = get(next);
            titles.addAll(page.json().get("items").findValuesAsText("title"));
            next = next(page);
        }
        return titles;
    }
}
