// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.OnEveryDatabase;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Comments, over HTTP and held to the document. */
@OnEveryDatabase
class CommentsApiTest extends ApiTest {
    private UUID ann;
    private UUID bob;
    private String list;
    private String task;

    CommentsApiTest() {
        super("comments");
    }

    @BeforeEach
    void share() {
        bob = users.register("bob-" + System.nanoTime(), "pw");
        ann = userId;
        list = location(as(api.post("/v1/lists", "{\"name\": \"Garden\"}")));
        task = location(create("{\"title\": \"t\", \"listId\": \"%s\"}".formatted(list.substring(10))));
    }

    @Test
    void saysSomethingAndChangesIt() {
        ApiResponse made = say("# Hello 🙂");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.json().get("authorId").asText()).isEqualTo(ann.toString());
        String path = location(made);
        assertThat(get(path).json()).isEqualTo(made.json());

        ApiResponse changed = patch(path, "{\"text\": \"Good bye\"}");
        assertThat(changed.json().get("text").asText()).isEqualTo("Good bye");
        assertThat(patch(path, "{\"text\": \"Good bye\"}").header("ETag")).isEqualTo(changed.header("ETag"));
        String stale = made.header("ETag").orElseThrow();
        assertThat(as(api.request("PATCH", path)
                                .body(MERGE_PATCH, "{\"text\": \"late\"}")
                                .header("If-Match", stale))
                        .status())
                .isEqualTo(412);
        assertThat(as(api.request("DELETE", path).header("If-Match", stale)).status())
                .isEqualTo(412);
        assertThat(as(api.request("DELETE", path)).status()).isEqualTo(204);
        assertThat(get(path).status()).isEqualTo(404);
        assertThat(patch(path, "{\"text\": \"late\"}").status()).isEqualTo(404);
        assertThat(as(api.request("DELETE", path)).status()).isEqualTo(404);
    }

    @Test
    void saysARepeatedRequestOnce() {
        for (int i = 0; i < 2; i++) {
            as(api.post(task + "/comments", "{\"text\": \"once\"}").header("Idempotency-Key", "one"));
        }
        assertThat(get(task + "/comments").json().get("items")).hasSize(1);
        assertThat(as(api.post(task + "/comments", "{\"text\": \"other\"}").header("Idempotency-Key", "one"))
                        .status())
                .isEqualTo(422);
    }

    @Test
    void listsInTheOrderInWhichItWasSaid() {
        say("1");
        say("2");
        say("3");

        ApiResponse page = get(task + "/comments?limit=2");
        assertThat(page.json().get("items").findValuesAsText("text")).containsExactly("1", "2");
        assertThat(get(next(page)).json().get("items").findValuesAsText("text")).containsExactly("3");
        assertThat(get(task + "/comments?limit=0").status()).isEqualTo(400);
    }

    @Test
    void letsMembersDoWhatTheyMay() {
        String annsComment = location(say("ann's"));
        role("read");
        be(bob, "bob");
        assertThat(get(annsComment).status()).isEqualTo(200);
        assertThat(say("bob's").status()).isEqualTo(403);
        assertThat(as(api.request("DELETE", annsComment)).status()).isEqualTo(403);

        be(ann, "ann");
        role("write");
        be(bob, "bob");
        String bobsComment = location(say("bob's"));
        assertThat(patch(annsComment, "{\"text\": \"not ann's\"}").status()).isEqualTo(403);
        assertThat(as(api.request("DELETE", annsComment)).status()).isEqualTo(403);

        be(ann, "ann");
        assertThat(patch(bobsComment, "{\"text\": \"not bob's\"}").status()).isEqualTo(403);
        assertThat(as(api.request("DELETE", bobsComment)).status()).isEqualTo(204);
    }

    @Test
    void hidesCommentsOfHiddenTasks() {
        String path = location(say("secret"));
        be("carl");
        assertThat(get(path).status()).isEqualTo(404);
        assertThat(get(task + "/comments").status()).isEqualTo(404);
        assertThat(say("me too").status()).isEqualTo(404);

        be(ann, "ann");
        as(api.request("DELETE", task));
        assertThat(get(path).status()).isEqualTo(404);
        assertThat(get(task + "/comments").status()).isEqualTo(404);
    }

    @Test
    void hasAnEndOfComments() {
        String id = task.substring("/v1/tasks/".length());
        try (Database own = database.open()) {
            own.write(handle -> {
                for (int i = 0; i < 1000; i++) {
                    handle.execute(
                            "INSERT INTO comment VALUES (?, ?, NULL, 't', 1, ?, ?)",
                            UUID.randomUUID(),
                            UUID.fromString(id),
                            START,
                            START);
                }
                return null;
            });
        }
        assertThat(say("one more").status()).isEqualTo(409);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"text\": \"\"}", "{\"text\": null}", "{\"text\": \"t\", \"x\": 1}"})
    void refusesFields(String body) {
        assertThat(as(api.post(task + "/comments", body)).status()).isEqualTo(400);
        assertThat(patch(location(say("t")), body).status()).isEqualTo(400);
        assertThat(say("x".repeat(10_001)).status()).isEqualTo(400);
    }

    @Test
    void refusesWhatIsNoId() {
        assertThat(get("/v1/tasks/1/comments").status()).isEqualTo(400);
        assertThat(get(task + "/comments/1").status()).isEqualTo(400);
        assertThat(as(api.request("DELETE", task + "/comments/1")).status()).isEqualTo(400);
    }

    private ApiResponse say(String text) {
        return as(api.post(task + "/comments", "{\"text\": \"%s\"}".formatted(text)));
    }

    private void role(String role) {
        as(api.request("PUT", list + "/members/" + bob).body("application/json", "{\"role\": \"%s\"}".formatted(role)));
    }
}
