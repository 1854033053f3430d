// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.database.OnEveryDatabase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Moving tasks, over HTTP and held to the document. */
@OnEveryDatabase
class OrderApiTest extends ApiTest {
    private String garden;
    private String house;

    OrderApiTest() {
        super("order");
    }

    @BeforeEach
    void makeLists() {
        garden = makeList("Garden");
        house = makeList("House");
    }

    @Test
    void movesWithinAList() {
        String a = task(garden, "a");
        String b = task(garden, "b");
        String c = task(garden, "c");

        move(c, "{\"before\": \"%s\"}".formatted(a));
        assertThat(order(garden)).containsExactly("c", "a", "b");
        move(c, "{\"after\": \"%s\"}".formatted(a));
        assertThat(order(garden)).containsExactly("a", "c", "b");
        move(a, "{\"after\": \"%s\"}".formatted(b));
        assertThat(order(garden)).containsExactly("c", "b", "a");
        ApiResponse still = move(a, "{}");
        assertThat(still.header("ETag")).isEqualTo(get("/v1/tasks/" + a).header("ETag"));
        assertThat(order(garden)).containsExactly("c", "b", "a");
    }

    @Test
    void makesRoomWhereThereIsNone() {
        String first = task(garden, "first");
        task(garden, "last");
        List<String> expected = new ArrayList<>(List.of("first"));
        for (int i = 0; i < 30; i++) {
            move(task(garden, "t" + i), "{\"after\": \"%s\"}".formatted(first));
            expected.add(1, "t" + i);
        }
        expected.add("last");
        assertThat(order(garden)).isEqualTo(expected);
    }

    @Test
    void movesATreeToAnotherListAndCutsItsLinks() {
        UUID bob = users.register("bob-" + System.nanoTime(), "pw");
        as(api.request("PUT", "/v1/lists/%s/members/%s".formatted(garden, bob))
                .body("application/json", "{\"role\": \"write\"}"));
        String whole = task(garden, "whole", "\"assignees\": [\"%s\", \"%s\"]".formatted(bob, userId));
        String part = task(garden, "part", "\"parentId\": \"%s\"".formatted(whole));
        String stays = task(garden, "stays", "\"blockedBy\": [\"%s\"]".formatted(part));
        String blocked =
                task(garden, "blocked", "\"parentId\": \"%s\", \"blockedBy\": [\"%s\"]".formatted(whole, part));
        String other = task(house, "other");

        JsonNode moved = move(whole, "{\"listId\": \"%s\", \"parentId\": \"%s\"}".formatted(house, other))
                .json();

        assertThat(moved.get("listId").asText()).isEqualTo(house);
        assertThat(moved.get("parentId").asText()).isEqualTo(other);
        assertThat(moved.get("assignees").toString()).isEqualTo("[\"%s\"]".formatted(userId));
        assertThat(read(part).get("listId").asText()).isEqualTo(house);
        assertThat(read(part).get("parentId").asText()).isEqualTo(whole);
        assertThat(read(blocked).at("/blockedBy/0").asText()).isEqualTo(part);
        assertThat(read(stays).get("blockedBy")).isEmpty();
        assertThat(order(garden)).containsExactly("stays");
        assertThat(order(house).getLast()).isEqualTo("whole");
    }

    @Test
    void refusesWhatIsNotSound() {
        String whole = task(garden, "whole");
        String part = task(garden, "part", "\"parentId\": \"%s\"".formatted(whole));
        String elsewhere = task(house, "elsewhere");

        assertThat(move(whole, "{\"parentId\": \"%s\"}".formatted(part)).status())
                .isEqualTo(409);
        assertThat(move(whole, "{\"parentId\": \"%s\"}".formatted(whole)).status())
                .isEqualTo(409);
        assertThat(move(whole, "{\"parentId\": \"%s\"}".formatted(elsewhere)).status())
                .isEqualTo(400);
        assertThat(move(whole, "{\"after\": \"%s\"}".formatted(elsewhere)).status())
                .isEqualTo(400);
        assertThat(move(whole, "{\"listId\": \"%s\"}".formatted(UUID.randomUUID()))
                        .status())
                .isEqualTo(404);
        assertThat(move(whole, "{\"after\": \"%1$s\", \"before\": \"%1$s\"}".formatted(part))
                        .status())
                .isEqualTo(400);
        assertThat(as(api.post("/v1/tasks/%s/move".formatted(whole), "{}").header("If-Match", "\"9\""))
                        .status())
                .isEqualTo(412);
        assertThat(move("1", "{}").status()).isEqualTo(400);
        assertThat(move(part, "{\"parentId\": null}").json().has("parentId")).isFalse();
    }

    @Test
    void letsThemGoOnlyWhereOneMayWrite() {
        String task = task(garden, "t");
        UUID bob = users.register("bob-" + System.nanoTime(), "pw");
        as(api.request("PUT", "/v1/lists/%s/members/%s".formatted(garden, bob))
                .body("application/json", "{\"role\": \"read\"}"));
        be(bob, "bob");
        assertThat(move(task, "{}").status()).isEqualTo(403);
        be("carl");
        assertThat(move(task, "{}").status()).isEqualTo(404);
    }

    @Test
    void givesManyAtOnceDifferentPlaces() throws Exception {
        String first = task(garden, "first");
        task(garden, "last");
        List<String> tasks =
                IntStream.range(0, 12).mapToObj(i -> task(garden, "t" + i)).toList();
        List<Callable<Integer>> moves = tasks.stream()
                .<Callable<Integer>>map(task ->
                        () -> move(task, "{\"after\": \"%s\"}".formatted(first)).status())
                .toList();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> status : executor.invokeAll(moves)) {
                assertThat(status.get()).isEqualTo(200);
            }
        }
        assertThat(positions(garden)).hasSize(14).doesNotHaveDuplicates();
        assertThat(order(garden)).startsWith("first").endsWith("last");
    }

    @ParameterizedTest
    @ValueSource(strings = {"blockedBy", "parentId"})
    void closesNoCircleFromTwoSides(String link) throws Exception {
        for (int round = 0; round < 5; round++) {
            String a = task(garden, "a");
            String b = task(garden, "b");
            List<Callable<Integer>> changes = List.of(
                    () -> link(a, link, b).status(), () -> link(b, link, a).status());
            List<Integer> statuses = new ArrayList<>();
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                for (Future<Integer> status : executor.invokeAll(changes)) {
                    statuses.add(status.get());
                }
            }
            assertThat(statuses).containsExactlyInAnyOrder(200, 409);
        }
    }

    @Test
    void refusesCirclesHoweverFarAround() {
        String whole = task(garden, "whole");
        String part = task(garden, "part", "\"parentId\": \"%s\"".formatted(whole));
        String a = task(garden, "a", "\"blockedBy\": [\"%s\"]".formatted(whole));
        String b = task(garden, "b", "\"blockedBy\": [\"%s\"]".formatted(a));

        ApiResponse circle = link(part, "blockedBy", b);
        assertThat(circle.status()).isEqualTo(409);
        assertThat(circle.json().get("detail").asText()).contains(part, b, a, whole);
        assertThat(link(part, "blockedBy", whole).status()).isEqualTo(409);
        assertThat(link(a, "blockedBy", a).status()).isEqualTo(409);
        assertThat(link(whole, "blockedBy", part).status()).isEqualTo(200);
        assertThat(link(b, "blockedBy", task(house, "x")).status()).isEqualTo(400);
        assertThat(link(b, "blockedBy", UUID.randomUUID().toString()).status()).isEqualTo(400);
    }

    @Test
    void hasAnEndOfLevels() {
        String deepest = task(garden, "1");
        for (int level = 2; level <= 50; level++) {
            deepest = task(garden, Integer.toString(level), "\"parentId\": \"%s\"".formatted(deepest));
        }
        ApiResponse tooDeep =
                create("{\"title\": \"51\", \"listId\": \"%s\", \"parentId\": \"%s\"}".formatted(garden, deepest));
        assertThat(tooDeep.status()).isEqualTo(409);
        String other = task(garden, "other");
        task(garden, "its part", "\"parentId\": \"%s\"".formatted(other));
        String above = read(deepest).get("parentId").asText();
        assertThat(move(other, "{\"parentId\": \"%s\"}".formatted(above)).status())
                .isEqualTo(409);
    }

    private String makeList(String name) {
        return as(api.post("/v1/lists", "{\"name\": \"%s\"}".formatted(name)))
                .json()
                .get("id")
                .asText();
    }

    private String task(String list, String title) {
        return task(list, title, "\"priority\": \"none\"");
    }

    private String task(String list, String title, String more) {
        ApiResponse made = create("{\"title\": \"%s\", \"listId\": \"%s\", %s}".formatted(title, list, more));
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        return made.json().get("id").asText();
    }

    private JsonNode read(String task) {
        return get("/v1/tasks/" + task).json();
    }

    private ApiResponse move(String task, String move) {
        return as(api.post("/v1/tasks/%s/move".formatted(task), move));
    }

    private ApiResponse link(String task, String link, String other) {
        String value = link.equals("blockedBy") ? "[\"%s\"]" : "\"%s\"";
        return patch("/v1/tasks/" + task, "{\"%s\": %s}".formatted(link, value.formatted(other)));
    }

    private List<String> order(String list) {
        return tasks(list).map(task -> task.get("title").asText()).toList();
    }

    private List<String> positions(String list) {
        return tasks(list).map(task -> task.get("position").asText()).toList();
    }

    private Stream<JsonNode> tasks(String list) {
        return StreamSupport.stream(
                        get("/v1/tasks?limit=100").json().get("items").spliterator(), false)
                .filter(task -> task.get("listId").asText().equals(list))
                .sorted(Comparator.comparing(
                                (JsonNode task) -> task.get("position").asText())
                        .thenComparing(task -> task.get("id").asText()));
    }
}
