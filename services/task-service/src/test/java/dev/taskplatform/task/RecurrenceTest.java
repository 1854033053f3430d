// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.contract.OpenApiContract;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.OnEveryDatabase;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks that come again, over HTTP. */
@OnEveryDatabase
class RecurrenceTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);

    private final DatabaseUnderTest database;
    private FakeUserService users;
    private TaskServiceUnderTest service;
    private ApiClient api;
    private String token;

    RecurrenceTest(DatabaseUnderTest database) {
        this.database = database;
    }

    @BeforeEach
    void start() {
        users = new FakeUserService(CLOCK);
        service = TaskServiceUnderTest.start(database.settings(), users.url(), Map.of(), CLOCK, OpenApiContract.load());
        api = service.client();
        token = users.token(UUID.randomUUID(), "ann");
    }

    @AfterEach
    void stop() {
        service.close();
        users.close();
    }

    @Test
    void makesTheNextWhenOneIsDone() {
        String path = create("""
                {"title": "Water", "recurrence": "FREQ=WEEKLY;COUNT=2", "due": "2026-03-02T10:00:00+01:00[Europe/Berlin]",
                 "start": "2026-03-01", "labels": ["home"], "reminders": ["-PT1H"], "priority": "high"}
                """);
        JsonNode done = patch(path, "{\"status\": \"done\"}").json();
        assertThat(done.has("recurrence")).isFalse();

        JsonNode next = open().get(0);
        assertThat(next.get("due").asText()).isEqualTo("2026-03-09T10:00:00+01:00[Europe/Berlin]");
        assertThat(next.get("start").asText()).isEqualTo("2026-03-08");
        assertThat(next.get("labels")).isEqualTo(done.get("labels"));
        assertThat(next.get("reminders")).isEqualTo(done.get("reminders"));
        assertThat(next.get("priority").asText()).isEqualTo("high");
        assertThat(next.get("recurrence").asText()).contains("COUNT=1");

        patch(path, "{\"status\": \"todo\"}");
        patch(path, "{\"status\": \"done\"}");
        assertThat(open()).hasSize(1);
        patch("/v1/tasks/" + next.get("id").asText(), "{\"status\": \"done\"}");
        assertThat(open()).isEmpty();
    }

    @Test
    void makesOneNextForManyWhoAreDoneAtOnce() throws Exception {
        String path = create("{\"title\": \"t\", \"recurrence\": \"FREQ=DAILY\", \"due\": \"2026-03-02\"}");
        List<Callable<Integer>> all = IntStream.range(0, 8)
                .<Callable<Integer>>mapToObj(
                        i -> () -> patch(path, "{\"status\": \"done\"}").status())
                .collect(Collectors.toCollection(ArrayList::new));
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> status : executor.invokeAll(all)) {
                assertThat(status.get()).isEqualTo(200);
            }
        }
        assertThat(open()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"recurrence\": \"FREQ=DAILY\"",
                "\"recurrence\": \"FREQ=HOURLY\", \"due\": \"2026-03-02\"",
                "\"recurrence\": \"FREQ=SECONDLY\", \"due\": \"2026-03-02T00:00:00Z\"",
                "\"recurrence\": \"every day\", \"due\": \"2026-03-02\"",
                "\"reminders\": [\"-PT1H\"]",
                "\"reminders\": [\"later\"], \"due\": \"2026-03-02\""
            })
    void refusesWhatCannotBe(String fields) {
        ApiResponse response = api.post("/v1/tasks", "{\"title\": \"t\", %s}".formatted(fields))
                .bearer(token)
                .send();
        assertThat(response.status()).isEqualTo(400);
        assertThat(response.json().at("/errors/0/pointer").asText()).isIn("/recurrence", "/reminders");
    }

    private String create(String body) {
        return api.post("/v1/tasks", body)
                .bearer(token)
                .send()
                .header("Location")
                .orElseThrow();
    }

    private ApiResponse patch(String path, String patch) {
        return api.request("PATCH", path)
                .body(ApiTest.MERGE_PATCH, patch)
                .bearer(token)
                .send();
    }

    private JsonNode open() {
        return api.get("/v1/tasks?status=todo").bearer(token).send().json().get("items");
    }
}
