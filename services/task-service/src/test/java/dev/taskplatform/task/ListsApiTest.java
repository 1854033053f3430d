// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.OnEveryDatabase;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists, over HTTP and held to the document. */
@OnEveryDatabase
class ListsApiTest extends ApiTest {
    ListsApiTest() {
        super("lists");
    }

    @Test
    void makesAListThatHasTasks() {
        ApiResponse made = makeList("Garden");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.json().get("role").asText()).isEqualTo("owner");
        String path = location(made);
        assertThat(get(path).json()).isEqualTo(made.json());
        assertThat(as(api.get(path).header("If-None-Match", made.header("ETag").orElseThrow()))
                        .status())
                .isEqualTo(304);

        String id = made.json().get("id").asText();
        ApiResponse task = create("{\"title\": \"Dig\", \"listId\": \"%s\"}".formatted(id));
        assertThat(task.json().get("listId").asText()).isEqualTo(id);
    }

    @Test
    void makesOneListOfARepeatedRequest() {
        for (int i = 0; i < 2; i++) {
            assertThat(as(api.post("/v1/lists", "{\"name\": \"n\"}").header("Idempotency-Key", "one"))
                            .status())
                    .isEqualTo(201);
        }
        assertThat(get("/v1/lists").json().get("items")).hasSize(1);
        assertThat(as(api.post("/v1/lists", "{\"name\": \"m\"}").header("Idempotency-Key", "one"))
                        .status())
                .isEqualTo(422);
    }

    @Test
    void listsPageByPageWithTheInbox() {
        makeList("a");
        makeList("b");
        create("{\"title\": \"t\"}");

        ApiResponse page = get("/v1/lists?limit=2");
        assertThat(page.json().get("items")).hasSize(2);
        JsonNode rest = get(next(page)).json();
        assertThat(rest.get("items")).hasSize(1);
        assertThat(get("/v1/lists").json().get("items").findValuesAsText("inbox"))
                .containsExactlyInAnyOrder("false", "false", "true");
        be("bob");
        assertThat(get(next(page)).status()).isEqualTo(400);
        assertThat(get("/v1/lists").json().get("items")).isEmpty();
    }

    @Test
    void renamesAListOnlyIfItIsAsTheClientThinks() {
        ApiResponse made = makeList("Garden");
        String path = location(made);
        String tag = made.header("ETag").orElseThrow();

        ApiResponse renamed = patch(path, "{\"name\": \"Balcony\"}");
        assertThat(renamed.json().get("name").asText()).isEqualTo("Balcony");
        assertThat(patch(path, "{\"name\": \"Balcony\"}").header("ETag")).isEqualTo(renamed.header("ETag"));
        assertThat(as(api.request("PATCH", path)
                                .body(MERGE_PATCH, "{\"name\": \"late\"}")
                                .header("If-Match", tag))
                        .status())
                .isEqualTo(412);
        assertThat(as(api.request("DELETE", path).header("If-Match", tag)).status())
                .isEqualTo(412);
        assertThat(patch(path, "{\"name\": null}").status()).isEqualTo(400);
        assertThat(patch(path, "{}").status()).isEqualTo(400);
    }

    @Test
    void removesAListWithItsTasks() {
        ApiResponse made = makeList("Garden");
        String id = made.json().get("id").asText();
        String task = location(create("{\"title\": \"Dig\", \"listId\": \"%s\"}".formatted(id)));

        assertThat(as(api.request("DELETE", location(made))).status()).isEqualTo(204);
        assertThat(get(location(made)).status()).isEqualTo(404);
        assertThat(get(task).status()).isEqualTo(404);
        assertThat(create("{\"title\": \"Dig\", \"listId\": \"%s\"}".formatted(id))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void leavesInboxesAlone() {
        create("{\"title\": \"t\"}");
        String inbox = "/v1/lists/" + userId;

        assertThat(get(inbox).json().get("name").asText()).isEqualTo("Inbox");
        assertThat(patch(inbox, "{\"name\": \"Mine\"}").status()).isEqualTo(409);
        assertThat(as(api.request("DELETE", inbox)).status()).isEqualTo(409);
    }

    @Test
    void hidesOthersLists() {
        ApiResponse made = makeList("Garden");
        be("bob");

        assertThat(get(location(made)).status()).isEqualTo(404);
        assertThat(patch(location(made), "{\"name\": \"Ours\"}").status()).isEqualTo(404);
        assertThat(as(api.request("DELETE", location(made))).status()).isEqualTo(404);
    }

    @Test
    void hasAnEndOfLists() {
        try (Database own = database.open()) {
            own.write(handle -> {
                for (int i = 0; i < 500; i++) {
                    UUID id = UUID.randomUUID();
                    handle.execute("INSERT INTO list VALUES (?, 'n', ?, 1, ?, ?)", id, false, START, START);
                    handle.execute("INSERT INTO list_member VALUES (?, ?, 'owner', 0)", userId, id);
                }
                return null;
            });
        }
        assertThat(makeList("one more").status()).isEqualTo(409);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"name\": \" \"}", "{\"name\": 1}", "{\"name\": \"n\", \"colour\": \"red\"}"})
    void refusesFields(String body) {
        assertThat(as(api.post("/v1/lists", body)).status()).isEqualTo(400);
        assertThat(as(api.post("/v1/lists", "{\"name\": \"%s\"}".formatted("🙂".repeat(101))))
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "DELETE"})
    void refusesWhatIsNoId(String method) {
        assertThat(as(api.request(method, "/v1/lists/1")).status()).isEqualTo(400);
    }

    private ApiResponse makeList(String name) {
        return as(api.post("/v1/lists", "{\"name\": \"%s\"}".formatted(name)));
    }
}
