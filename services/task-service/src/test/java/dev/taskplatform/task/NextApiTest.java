// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.OnEveryDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What to do next, over HTTP and held to the document. */
@OnEveryDatabase
class NextApiTest extends ApiTest {
    NextApiTest() {
        super("next");
    }

    @Test
    void namesTheMostUrgentFirst() {
        task("someday", "");
        task("overdue", ", \"due\": \"2026-02-20\"");
        task("soon", ", \"due\": \"2026-03-03\"");
        task("begun", ", \"status\": \"in_progress\"");
        task("important", ", \"priority\": \"urgent\"");
        task("both", ", \"priority\": \"urgent\", \"due\": \"2026-03-03\"");
        task("done", ", \"status\": \"done\", \"priority\": \"urgent\"");
        task("later", ", \"priority\": \"urgent\", \"start\": \"2026-04-01\"");

        JsonNode items = get("/v1/tasks/next").json().get("items");
        assertThat(titles(items)).containsExactly("both", "overdue", "important", "soon", "begun", "someday");
        assertThat(items.at("/1/urgency").asDouble()).isEqualTo(12);
        assertThat(items.at("/2/parts/priority").asDouble()).isEqualTo(10);
        assertThat(titles(get("/v1/tasks/next?limit=2").json().get("items"))).containsExactly("both", "overdue");
    }

    @Test
    void namesWhatUrgentTasksWaitFor() {
        String root = task("root", "");
        String middle = task("middle", ", \"blockedBy\": [\"%s\"]".formatted(root));
        String urgent = task("urgent", ", \"priority\": \"urgent\", \"blockedBy\": [\"%s\"]".formatted(middle));
        String whole = task("whole", ", \"priority\": \"high\"");
        task("part", ", \"parentId\": \"%s\"".formatted(whole));
        task("medium", ", \"priority\": \"medium\"");

        JsonNode items = get("/v1/tasks/next").json().get("items");
        assertThat(titles(items)).containsExactly("root", "part", "medium");
        assertThat(items.at("/0/because").asText()).isEqualTo(urgent);
        assertThat(items.at("/1/because").asText()).isEqualTo(whole);
        assertThat(items.get(2).has("because")).isFalse();

        patch("/v1/tasks/" + root, "{\"status\": \"done\"}");
        assertThat(titles(get("/v1/tasks/next").json().get("items"))).containsExactly("middle", "part", "medium");
    }

    @Test
    void namesNothingOfOthersAlone() {
        String list = as(api.post("/v1/lists", "{\"name\": \"Garden\"}"))
                .json()
                .get("id")
                .asText();
        UUID bob = users.register("bob-" + System.nanoTime(), "pw");
        as(api.request("PUT", "/v1/lists/%s/members/%s".formatted(list, bob))
                .body("application/json", "{\"role\": \"write\"}"));
        task("bob's", ", \"listId\": \"%s\", \"assignees\": [\"%s\"]".formatted(list, bob));
        task("ours", ", \"listId\": \"%s\", \"assignees\": [\"%s\", \"%s\"]".formatted(list, bob, userId));
        task("elsewhere", "");

        assertThat(titles(get("/v1/tasks/next").json().get("items"))).containsExactlyInAnyOrder("ours", "elsewhere");
        assertThat(titles(get("/v1/tasks/next?listId=" + list).json().get("items")))
                .containsExactly("ours");
        be(bob, "bob");
        assertThat(titles(get("/v1/tasks/next").json().get("items"))).containsExactlyInAnyOrder("bob's", "ours");
        be("carl");
        assertThat(get("/v1/tasks/next").json().get("items")).isEmpty();
    }

    /** Of many tasks, found by reading few, the same as by reading all. */
    @Test
    void findsTheSameAsByReadingAll() {
        create("{\"title\": \"makes the inbox\", \"status\": \"done\"}");
        Random random = new Random(11);
        record Made(String title, double urgency) {}
        List<Made> all = new ArrayList<>();
        double[] priorities = {0, 2, 4, 7, 10};
        try (Database own = database.open()) {
            own.write(handle -> {
                var batch = handle.prepareBatch("INSERT INTO task (id, list_id, title, status, priority, due, due_at,"
                        + " position, version, created_at, updated_at) VALUES (:id, :list, :title, :status, :priority,"
                        + " :due, :dueAt, 'a', 1, :now, :now)");
                for (int i = 0; i < 2_000; i++) {
                    int ageDays = random.nextInt(500);
                    int priority = random.nextInt(5);
                    int dueDays = random.nextInt(120) - 30;
                    boolean isDue = random.nextBoolean();
                    boolean begun = random.nextInt(10) == 0;
                    var created = START.minus(Duration.ofDays(ageDays));
                    var due = START.plus(Duration.ofDays(dueDays));
                    batch.bind("id", UUID.randomUUID())
                            .bind("list", userId)
                            .bind("title", "t" + i)
                            .bind("status", begun ? "in_progress" : "todo")
                            .bind("priority", priority)
                            .bind("due", isDue ? due.toString() : null)
                            .bind("dueAt", isDue ? due : null)
                            .bind("now", created)
                            .add();
                    double part = Math.clamp((-dueDays + 14) / 21.0, 0.0, 1.0);
                    all.add(new Made(
                            "t" + i,
                            priorities[priority]
                                    + (isDue ? 2.4 + 9.6 * part : 0)
                                    + (begun ? 4 : 0)
                                    + 2 * Math.clamp(ageDays / 365.0, 0.0, 1.0)));
                }
                return batch.execute();
            });
        }
        all.sort(Comparator.comparingDouble(Made::urgency).reversed());
        JsonNode items = get("/v1/tasks/next?limit=50").json().get("items");
        for (int i = 0; i < 50; i++) {
            assertThat(items.at("/%d/urgency".formatted(i)).asDouble())
                    .isCloseTo(all.get(i).urgency(), Offset.offset(0.02));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=51", "listId=1", "sort=due"})
    void refusesQueries(String query) {
        assertThat(get("/v1/tasks/next?" + query).status()).isEqualTo(400);
    }

    private String task(String title, String more) {
        return create("{\"title\": \"%s\"%s}".formatted(title, more))
                .json()
                .get("id")
                .asText();
    }

    private static List<String> titles(JsonNode items) {
        return items.findValuesAsText("title");
    }
}
