// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.contract.OpenApiContract;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.kit.id.UuidGenerator;
import dev.taskplatform.kit.json.Json;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two clients that work on the same tasks while they are offline, each with a replica of its own, have the same in the end:
 * what the service has.
 */
@OnEveryDatabase
class ConvergenceTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);
    private static final int ROUNDS = 8;

    private final ObjectMapper mapper = Json.mapper();
    private final DatabaseUnderTest database;
    private FakeUserService users;
    private TaskServiceUnderTest one;
    private TaskServiceUnderTest other;

    ConvergenceTest(DatabaseUnderTest database) {
        this.database = database;
    }

    @BeforeEach
    void start() {
        users = new FakeUserService(CLOCK);
        one = replica();
        other = replica();
    }

    private TaskServiceUnderTest replica() {
        return TaskServiceUnderTest.start(database.settings(), users.url(), Map.of(), CLOCK, OpenApiContract.load());
    }

    @AfterEach
    void stop() {
        one.close();
        other.close();
        users.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void offlineClientsConverge(long seed) {
        Random random = new Random(seed);
        UUID ann = UUID.randomUUID();
        Client phone = new Client(one.client(), users.token(ann, "ann"), random);
        Client laptop = new Client(other.client(), users.token(ann, "ann"), random);
        for (int round = 0; round < ROUNDS; round++) {
            for (Client client : List.of(phone, laptop)) {
                for (int i = random.nextInt(6); i > 0; i--) {
                    client.work();
                }
            }
            // Sometimes one of them stays offline for longer.
            if (random.nextInt(3) > 0) {
                phone.sync();
            }
            if (random.nextInt(3) > 0) {
                laptop.sync();
            }
        }
        phone.sync();
        laptop.sync();
        phone.sync();

        Map<String, JsonNode> server = new Client(one.client(), users.token(ann, "ann"), random).sync();
        assertThat(phone.tasks()).isEqualTo(server);
        assertThat(laptop.tasks()).isEqualTo(server);
        assertThat(server).as("the test does something").isNotEmpty();
    }

    /** A client as the description of the API tells it to be. */
    private final class Client {
        private final ApiClient api;
        private final String token;
        private final Random random;
        private final UuidGenerator ids;
        private final Map<String, JsonNode> tasks = new TreeMap<>();
        private final Map<String, String> tags = new TreeMap<>();
        private final List<ObjectNode> pending = new ArrayList<>();
        private String since;

        Client(ApiClient api, String token, Random random) {
            this.api = api;
            this.token = token;
            this.random = random;
            this.ids = new UuidGenerator(CLOCK, random);
        }

        Map<String, JsonNode> tasks() {
            return tasks;
        }

        /** Does something to its own copy, and keeps in mind what. */
        void work() {
            int what = random.nextInt(10);
            List<String> known = List.copyOf(tasks.keySet());
            if (known.isEmpty() || what < 3) {
                String id = ids.next().toString();
                ObjectNode task = mapper.createObjectNode().put("id", id).put("title", "t" + random.nextInt(100));
                pending.add(operation("create").<ObjectNode>set("task", task));
                tasks.put(id, task);
                return;
            }
            String id = known.get(random.nextInt(known.size()));
            if (what < 5) {
                pending.add(operation("delete").put("id", id));
                tasks.remove(id);
                return;
            }
            ObjectNode patch = mapper.createObjectNode();
            switch (random.nextInt(4)) {
                case 0 -> patch.put("title", "u" + random.nextInt(100));
                case 1 -> patch.put("status", random.nextBoolean() ? "done" : "todo");
                case 2 -> patch.put("due", "2026-12-0" + (1 + random.nextInt(9)));
                default -> patch.putArray("labels").add("l" + random.nextInt(3));
            }
            ObjectNode change = operation("change").put("id", id);
            if (tags.containsKey(id)) {
                change.put("ifMatch", tags.get(id));
            }
            change.set("task", patch);
            pending.add(change);
            ((ObjectNode) tasks.get(id)).setAll(patch);
        }

        private ObjectNode operation(String method) {
            return mapper.createObjectNode().put("method", method);
        }

        /** Tells the service what was done, and takes in what others did; what it has then. */
        Map<String, JsonNode> sync() {
            while (!pending.isEmpty()) {
                List<ObjectNode> sent = List.copyOf(pending);
                pending.clear();
                JsonNode results = send(sent);
                for (int i = 0; i < sent.size(); i++) {
                    int status = results.get(i).get("status").asInt();
                    if (status == 412) {
                        // Its own change of these fields, on what the task is now.
                        sent.get(i).remove("ifMatch");
                        pending.add(sent.get(i));
                    } else {
                        assertThat(status).as(results.get(i).toString()).isIn(200, 201, 204, 404);
                    }
                }
                if (random.nextInt(4) == 0) {
                    // The answer was lost; all is sent once more.
                    send(sent.stream()
                            .filter(operation ->
                                    operation.get("method").asText().equals("create"))
                            .toList());
                }
            }
            JsonNode page;
            do {
                page = api.get("/v1/changes?limit=7" + (since == null ? "" : "&since=" + since))
                        .bearer(token)
                        .send()
                        .json();
                page.get("items").forEach(this::take);
                since = page.get("next").asText();
            } while (page.get("more").asBoolean());
            return tasks;
        }

        private JsonNode send(List<ObjectNode> operations) {
            if (operations.isEmpty()) {
                return mapper.createArrayNode();
            }
            ObjectNode body = mapper.createObjectNode().put("mode", "independent");
            ArrayNode array = body.putArray("operations");
            operations.forEach(array::add);
            ApiResponse response =
                    api.post("/v1/tasks/bulk", body.toString()).bearer(token).send();
            assertThat(response.status()).isEqualTo(200);
            return response.json().get("results");
        }

        private void take(JsonNode item) {
            if (!item.get("kind").asText().equals("task")) {
                return;
            }
            String id = item.get("id").asText();
            if (item.path("removed").asBoolean()) {
                tasks.remove(id);
                tags.remove(id);
            } else {
                tasks.put(id, item.get("task"));
                tags.put(id, item.get("etag").asText());
            }
        }
    }
}
