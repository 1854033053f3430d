// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.database.OnEveryDatabase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The simple API, over HTTP and held to the document. */
@OnEveryDatabase
class SimpleApiTest extends ApiTest {
    SimpleApiTest() {
        super("simple", Map.of("compatibility.simple-api", "true"));
    }

    @Test
    void simpleClientsMakeAndListTheSameTasks() {
        be(users.register("simple", "p w&+"), "simple");
        String password = "?password=p%20w%26%2B";

        ApiResponse made = api.post("/tasks" + password, simpleTask("simple")).send();
        assertThat(made.body()).isEqualTo("{\"message\":\"Task created\"}");
        create("{\"title\": \"of v1\"}");

        assertThat(api.get("/tasks/simple" + password).send().body())
                .isEqualTo("[{\"title\":\"t\",\"description\":\"d\",\"username\":\"simple\"},"
                        + "{\"title\":\"of v1\",\"description\":\"\",\"username\":\"simple\"}]");
        assertThat(get("/v1/tasks").json().get("items").findValuesAsText("title"))
                .containsExactly("t", "of v1");
    }

    @Test
    void simpleClientsGetAllTheirTasks() {
        be(users.register("busy", "pw"), "busy");
        for (int i = 0; i < 1001; i++) {
            create("{\"title\": \"t%d\"}".formatted(i));
        }
        JsonNode all = api.get("/tasks/busy?password=pw").send().json();
        assertThat(all).hasSize(1001);
        assertThat(all.at("/1000/title").asText()).isEqualTo("t1000");
    }

    @Test
    void simpleClientsAreRefusedWithAWrongPassword() {
        users.register("guarded", "pw");
        for (ApiResponse response : List.of(
                api.get("/tasks/guarded?password=no").send(),
                api.get("/tasks/nobody?password=pw").send(),
                api.get("/tasks/guarded?password=").send(),
                api.post("/tasks?password=no", simpleTask("guarded")).send())) {
            assertThat(response.status()).isEqualTo(401);
            assertThat(response.body()).isEqualTo("{\"detail\":\"Authentication failed\"}");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /tasks             | `{"title": "t", "description": "d", "username": "ann"}` | query | password
            /tasks?password=pw | `{"description": "d", "username": "ann"}`               | body  | title
            /tasks?password=pw | `{"title": "t", "username": "ann"}`                     | body  | description
            /tasks?password=pw | `{"title": "t", "description": "d"}`                    | body  | username
            /tasks?password=pw | `{"title": 1, "description": "d", "username": "ann"}`   | body  | title
            """)
    void simpleClientsAreToldWhatTheirRequestLacks(String path, String body, String place, String name) {
        ApiResponse response = api.post(path, body).send();
        assertThat(response.status()).isEqualTo(422);
        assertThat(response.json().at("/detail/0/loc").toString()).isEqualTo("[\"%s\",\"%s\"]".formatted(place, name));
    }

    @Test
    void simpleClientsAreHeldToTheLimits() {
        assertThat(api.get("/tasks/ann").send().status()).isEqualTo(422);
        assertThat(api.post("/tasks?password=pw", "{").send().status()).isEqualTo(422);
        String body = "{\"title\": \"t\", \"description\": \"%s\", \"username\": \"ann\"}";
        assertThat(api.post("/tasks?password=pw", body.formatted("x".repeat(10_001)))
                        .send()
                        .status())
                .isEqualTo(422);
        assertThat(api.post("/tasks?password=pw", body.formatted("x".repeat(70_000)))
                        .send()
                        .status())
                .isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HANGS", "RESETS", "GARBLES", "MISSIGNS", "FAILS", "IS_NOT_THERE"})
    void simpleClientsAreToldToComeBackWhenThePasswordCannotBeChecked(FakeUserService.Mood mood) {
        try (FakeUserService moody = new FakeUserService(clock());
                TaskServiceUnderTest other = start(database, moody.url(), Map.of())) {
            moody.register("ann", "pw");
            moody.mood(mood);
            ApiResponse response = other.client().get("/tasks/ann?password=pw").send();
            assertThat(response.status()).isEqualTo(503);

            moody.mood(FakeUserService.Mood.WELL);
            assertThat(other.client().get("/tasks/ann?password=pw").send().status())
                    .isEqualTo(200);
        }
    }

    @Test
    void simpleClientsAreToldThatThereWereTooManyAttempts() {
        try (FakeUserService moody = new FakeUserService(clock());
                TaskServiceUnderTest other = start(database, moody.url(), Map.of())) {
            moody.mood(FakeUserService.Mood.IS_TIRED);

            for (ApiResponse response : List.of(
                    other.client().get("/tasks/ann?password=pw").send(),
                    other.client().post("/tasks?password=pw", simpleTask("ann")).send())) {
                assertThat(response.status()).isEqualTo(429);
                assertThat(response.header("Retry-After")).contains("60");
            }
        }
    }

    @Test
    void simpleClientsOfDisabledAccountsAreNobody() {
        try (FakeUserService moody = new FakeUserService(clock());
                TaskServiceUnderTest other = start(database, moody.url(), Map.of())) {
            moody.mood(FakeUserService.Mood.REFUSES);

            assertThat(other.client().get("/tasks/ann?password=pw").send().status())
                    .isEqualTo(401);
        }
    }

    @Test
    void leavesAUserServiceAloneThatKeepsFailing() {
        try (FakeUserService moody = new FakeUserService(clock());
                TaskServiceUnderTest other = start(database, moody.url(), Map.of())) {
            moody.register("ann", "pw");
            moody.mood(FakeUserService.Mood.FAILS);
            for (int i = 0; i < 30; i++) {
                assertThat(other.client().get("/tasks/ann?password=pw").send().status())
                        .isEqualTo(503);
            }
            assertThat(moody.signIns()).isLessThan(30);

            moody.mood(FakeUserService.Mood.WELL);
            setTime(START.plusSeconds(6));
            assertThat(other.client().get("/tasks/ann?password=pw").send().status())
                    .isEqualTo(200);
        }
    }

    @Test
    void hasNoSimpleApiUnlessItIsTurnedOn() throws Exception {
        try (TaskServiceUnderTest strict = start(database, users.url(), Map.of("compatibility.simple-api", "false"))) {
            for (ApiResponse response : List.of(
                    strict.client().get("/tasks/ann?password=pw").sendUndocumented(),
                    strict.client()
                            .post("/tasks?password=pw", simpleTask("ann"))
                            .sendUndocumented())) {
                assertThat(response.status()).isEqualTo(404);
                assertThat(response.header("Content-Type")).contains("application/problem+json");
                assertThat(response.body()).doesNotContain("password");
            }
        }
    }

    private static String simpleTask(String username) {
        return "{\"title\": \"t\", \"description\": \"d\", \"username\": \"%s\", \"colour\": \"red\"}"
                .formatted(username);
    }
}
