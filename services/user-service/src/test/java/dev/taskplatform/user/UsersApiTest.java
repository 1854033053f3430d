// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Accounts, over HTTP and held to the document. */
class UsersApiTest extends ApiTest {
    UsersApiTest() {
        super("users");
    }

    @Test
    void registersSignsInAndKnowsWhoCalls() {
        ApiResponse registered = register("ann", "correct horse");
        assertThat(registered.status()).isEqualTo(201);
        JsonNode user = registered.json();
        assertThat(user.get("username").asText()).isEqualTo("ann");
        assertThat(registered.header("Location"))
                .contains("/v1/users/" + user.get("id").asText());

        String token = token(signIn("ann", "correct horse"));

        assertThat(api.get("/v1/users/me").bearer(token).send().json()).isEqualTo(user);
        assertThat(api.get(registered.header("Location").orElseThrow())
                        .bearer(token)
                        .send()
                        .json())
                .isEqualTo(user);
    }

    @Test
    void registersOnceHoweverOftenTheRequestIsRepeated() throws Exception {
        Callable<ApiResponse> untilAnswered =
                () -> await().until(() -> repeatable("once", "correct horse"), response -> response.status() != 409);
        List<ApiResponse> answers = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<ApiResponse> answer : executor.invokeAll(
                    IntStream.range(0, 16).mapToObj(i -> untilAnswered).toList())) {
                answers.add(answer.get());
            }
        }
        assertThat(answers).allMatch(answer -> answer.status() == 201);
        assertThat(answers)
                .extracting(ApiResponse::body)
                .containsOnly(answers.getFirst().body());
        assertThat(answers)
                .filteredOn(answer -> answer.header("Idempotency-Replayed").isEmpty())
                .hasSize(1);
        assertThat(repeatable("once", "another horse").status()).isEqualTo(422);
        assertThat(register("once", "correct horse").status()).isEqualTo(409);
    }

    private ApiResponse repeatable(String username, String password) {
        return api.post("/v1/users", credentials(username, password))
                .header("Idempotency-Key", "\"8e03978e-40d5-43e8-bc93-6894a57f9324\"")
                .send();
    }

    @Test
    void doesNotShowOthersAccounts() {
        String location = register("first", "correct horse").header("Location").orElseThrow();
        register("second", "correct horse");
        String token = token(signIn("second", "correct horse"));

        assertThat(api.get(location).bearer(token).send().status()).isEqualTo(404);
    }

    @Test
    void refusesTokensOfOtherIssuers() throws Exception {
        try (DatabaseUnderTest other = DatabaseUnderTest.embedded();
                UserServiceUnderTest stranger =
                        UserServiceUnderTest.start(other.settings(), Map.of(), clock(), contract())) {
            ApiClient client = stranger.client();
            client.post("/v1/users", credentials("ghost", "correct horse")).send();
            String token = token(client.post("/v1/sessions", credentials("ghost", "correct horse"))
                    .send());

            assertThat(client.get("/v1/users/me").bearer(token).send().status()).isEqualTo(200);
            assertThat(api.get("/v1/users/me").bearer(token).send().status()).isEqualTo(401);
        }
    }

    @Test
    void doesNotKnowAnAccountThatIsGone() {
        register("gone", "correct horse");
        String token = token(signIn("gone", "correct horse"));
        try (Database behindItsBack = database.open()) {
            behindItsBack.write(handle -> handle.execute("DELETE FROM account WHERE username = 'gone'"));
        }
        assertThat(api.get("/v1/users/me").bearer(token).send().status()).isEqualTo(401);
    }

    @Test
    void asksForATokenWhereNoneCame() {
        assertThat(api.get("/v1/users/me").send().header("WWW-Authenticate")).contains("Bearer realm=\"taskplatform\"");
        assertThat(api.get("/v1/users/0199f7a2-5b0c-7d3e-8f4a-6b1c2d3e4f50")
                        .send()
                        .status())
                .isEqualTo(401);
    }

    @Test
    void refusesExpiredTokens() {
        register("expired", "correct horse");
        String token = token(signIn("expired", "correct horse"));
        setTime(START.plus(Duration.ofMinutes(16)));
        try {
            ApiResponse response = api.get("/v1/users/me").bearer(token).send();
            assertThat(response.status()).isEqualTo(401);
            assertThat(response.header("WWW-Authenticate").orElseThrow())
                    .contains("error=\"invalid_token\"", "expired");
        } finally {
            setTime(START);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Bearer", "Bearer a b", "Basic YTpi", "Bearer not.a.token", "Bearer eyJhbGciOiJub25lIn0.e30."})
    void refusesWhatIsNoToken(String authorization) {
        assertThat(api.get("/v1/users/me")
                        .header("Authorization", authorization)
                        .send()
                        .status())
                .isEqualTo(401);
    }

    @Test
    void refusesATakenUsernameInAnyCaseAndForm() {
        register("Größe1", "correct horse");
        assertThat(register("größe1", "other password").status()).isEqualTo(409);
        assertThat(register("GRÖSSE1", "other password").status()).isEqualTo(409);
        assertThat(register("Gro\u0308ße1", "other password").status()).isEqualTo(409);
        assertThat(register("Größe\uff11", "other password").status()).isEqualTo(409);
        assertThat(signIn("GRÖSSE1", "correct horse").status()).isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''              | correct horse | /username
            'a b'           | correct horse | /username
            ' a'            | correct horse | /username
            'a/b'           | correct horse | /username
            'a\u200bb'      | correct horse | /username
            'a\u202eb'      | correct horse | /username
            ok1             | short         | /password
            ok2             | 1234567       | /password
            ok3             | Password1     | /password
            ok4             | taskplatform1 | /password
            margaret        | margaret1984  | /password
            """)
    void refusesWhatCannotBeRegistered(String username, String password, String pointer) {
        ApiResponse response = register(username, password);
        assertThat(response.status()).isEqualTo(400);
        assertThat(response.json().at("/errors/0/pointer").asText()).isEqualTo(pointer);
    }

    @Test
    void countsCodePoints() {
        assertThat(register("x".repeat(64), "🔑".repeat(128)).status()).isEqualTo(201);
        assertThat(register("x".repeat(65), "correct horse").status()).isEqualTo(400);
        assertThat(register("keys129", "🔑".repeat(129)).status()).isEqualTo(400);
        assertThat(register("keys7", "🔑".repeat(7)).status()).isEqualTo(400);
    }

    @Test
    void namesEverythingThatIsWrong() {
        JsonNode errors = api.post("/v1/users", "{\"username\": 1, \"colour\": \"red\"}")
                .send()
                .json()
                .get("errors");
        assertThat(errors.findValuesAsText("pointer")).containsExactlyInAnyOrder("/username", "/password", "/colour");
    }

    @Test
    void letsOnlyOneOfManyHaveAName() throws Exception {
        Callable<Integer> attempt = () -> register("contended", "correct horse").status();
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> result : executor.invokeAll(
                    IntStream.range(0, 16).mapToObj(i -> attempt).toList())) {
                statuses.add(result.get());
            }
        }
        assertThat(statuses).containsOnlyOnce(201).hasSize(16);
        assertThat(statuses.stream().filter(status -> status == 409)).hasSize(15);
    }
}
