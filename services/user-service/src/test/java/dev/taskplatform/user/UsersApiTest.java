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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
        super("users", FirstAdministrator.settings());
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

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pаypal  | must not mix scripts
            анна.x  | must not mix scripts
            me      | reserved
            rne     | reserved
            """)
    void refusesNamesThatCouldPassForOthers(String username, String reason) {
        ApiResponse response = register(username, PASSWORD);
        assertThat(response.status()).isEqualTo(400);
        assertThat(response.json().at("/errors/0/detail").asText()).contains(reason);
    }

    @Test
    void refusesNamesThatLookLikeAnothers() {
        register("alice.cooper", PASSWORD);

        ApiResponse lookalike = register("aIice.c00per", PASSWORD);

        assertThat(lookalike.status()).isEqualTo(409);
        assertThat(type(lookalike)).isEqualTo("username-taken");
    }

    @Test
    void answersWithWhatTheClientHasNotYet() {
        ApiResponse registered = register("cached", PASSWORD);
        String token = token(signIn("cached", PASSWORD));
        String tag = registered.header("ETag").orElseThrow();
        String own = registered.header("Location").orElseThrow();

        for (String path : List.of("/v1/users/me", own)) {
            assertThat(api.get(path).bearer(token).send().header("ETag")).contains(tag);
            assertThat(get(path, token, tag).status()).isEqualTo(304);
            assertThat(get(path, token, "*").status()).isEqualTo(304);
            assertThat(get(path, token, "\"other\"").status()).isEqualTo(200);
            assertThat(get(path, token, "no tag").status()).isEqualTo(400);
        }
    }

    @Test
    void showsAllAccountsToAdministrators() {
        ApiResponse registered = register("watched", PASSWORD);
        String chief = FirstAdministrator.token(api);

        ApiResponse seen = api.get(registered.header("Location").orElseThrow())
                .bearer(chief)
                .send();

        assertThat(seen.json()).isEqualTo(registered.json());
        assertThat(api.get("/v1/users/" + UUID.randomUUID())
                        .bearer(chief)
                        .send()
                        .status())
                .isEqualTo(404);
        assertThat(api.get("/v1/users/1").bearer(chief).send().status()).isEqualTo(400);
    }

    @Test
    void changesWhatOneTellsOfOneself() {
        String tag = register("teller", PASSWORD).header("ETag").orElseThrow();
        String token = token(signIn("teller", PASSWORD));

        ApiResponse changed =
                patch(token, tag, "{\"displayName\": \" Te\u0301ller \", \"email\": \"teller@example.com\"}");
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().get("displayName").asText()).isEqualTo("T\u00e9ller");
        assertThat(changed.json().get("email").asText()).isEqualTo("teller@example.com");
        assertThat(changed.header("ETag").orElseThrow()).isNotEqualTo(tag);
        assertThat(api.get("/v1/users/me").bearer(token).send().json()).isEqualTo(changed.json());

        ApiResponse removed = patch(token, "*", "{\"email\": null}");
        assertThat(removed.json().has("email")).isFalse();
        assertThat(removed.json().get("displayName")).isEqualTo(changed.json().get("displayName"));

        ApiResponse same = patch(token, removed.header("ETag").orElseThrow(), "{}");
        assertThat(same.header("ETag")).isEqualTo(removed.header("ETag"));
        assertThat(same.json()).isEqualTo(removed.json());
    }

    @Test
    void losesNoChangeInBetween() {
        String tag = register("racer", PASSWORD).header("ETag").orElseThrow();
        String token = token(signIn("racer", PASSWORD));
        patch(token, tag, "{\"displayName\": \"One\"}");

        ApiResponse stale = patch(token, tag, "{\"displayName\": \"Other\"}");
        assertThat(stale.status()).isEqualTo(412);
        assertThat(type(stale)).isEqualTo("precondition-failed");
        ApiResponse blind = api.request("PATCH", "/v1/users/me")
                .bearer(token)
                .body("application/merge-patch+json", "{}")
                .send();
        assertThat(blind.status()).isEqualTo(428);
        assertThat(api.get("/v1/users/me")
                        .bearer(token)
                        .send()
                        .json()
                        .get("displayName")
                        .asText())
                .isEqualTo("One");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"displayName\": \"\"}",
                "{\"displayName\": \"  \"}",
                "{\"displayName\": \"two\\nlines\"}",
                "{\"displayName\": 1}",
                "{\"email\": \"nobody\"}",
                "{\"email\": \"a b@example.com\"}",
                "{\"email\": \"a\\u0085b@example.com\"}",
                "{\"email\": \"a\\u2028b@example.com\"}",
                "{\"email\": \"a\\u202eb@example.com\"}",
                "{\"username\": \"other\"}",
                "{\"roles\": [\"admin\"]}",
                "[]"
            })
    void refusesWhatCannotBeChangedSo(String body) {
        String token = authorized();

        assertThat(patch(token, "*", body).status()).isEqualTo(400);
    }

    @Test
    void changesThePassword() {
        register("changer", PASSWORD);
        String token = token(signIn("changer", PASSWORD));
        String other = token(signIn("changer", PASSWORD));

        assertThat(changePassword(token, "wrong horse", "violet morning ladder").status())
                .isEqualTo(403);
        assertThat(changePassword(token, PASSWORD, "short").status()).isEqualTo(400);
        assertThat(changePassword(token, PASSWORD, "changer1").status()).isEqualTo(400);
        assertThat(signIn("changer", PASSWORD).status()).isEqualTo(201);
        assertThat(changePassword(token, PASSWORD, "violet morning ladder").status())
                .isEqualTo(204);

        assertThat(api.get("/v1/users/me").bearer(token).send().status()).isEqualTo(200);
        assertThat(api.get("/v1/users/me").bearer(other).send().status()).isEqualTo(401);
        assertThat(signIn("changer", PASSWORD).status()).isEqualTo(401);
        assertThat(signIn("changer", "violet morning ladder").status()).isEqualTo(201);
        assertThat(audit()).contains("password.changed");
    }

    @Test
    void deletesAnAccountOverAllServices() {
        String user = register("leaver", PASSWORD).json().get("id").asText();
        String token = token(signIn("leaver", PASSWORD));

        assertThat(delete(token, "wrong horse").status()).isEqualTo(403);
        assertThat(delete(token, "").status()).isEqualTo(403);
        assertThat(api.post("/v1/users/me/deletion", "{}").bearer(token).send().status())
                .isEqualTo(400);
        ApiResponse accepted = delete(token, PASSWORD);
        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.json().get("state").asText()).isEqualTo("pending");
        assertThat(signIn("leaver", PASSWORD).status()).isEqualTo(401);
        assertThat(api.get("/v1/users/me").bearer(token).send().status()).isEqualTo(401);
        assertThat(register("leaver", PASSWORD).status()).isEqualTo(409);
        assertThat(register("1eaver", PASSWORD).status()).isEqualTo(409);

        String deletion = accepted.header("Location").orElseThrow();
        assertThat(api.get(deletion).send().json()).isEqualTo(accepted.json());
        assertThat(events(user)).containsExactly("session.revoked", "user.deleted");
        acknowledge(deletion, "another-service");
        assertThat(api.get(deletion).send().json().get("state").asText()).isEqualTo("pending");
        acknowledge(deletion, "task-service");
        acknowledge(deletion, "task-service");
        JsonNode completed = api.get(deletion).send().json();
        assertThat(completed.get("state").asText()).isEqualTo("completed");
        assertThat(completed.get("completedAt").asText()).isEqualTo(START.toString());
        assertThat(register("leaver", PASSWORD).status()).isEqualTo(201);
    }

    @Test
    void completesADeletionAtOnceWhereNoServiceTakesPart() throws Exception {
        try (DatabaseUnderTest other = DatabaseUnderTest.embedded();
                UserServiceUnderTest alone = UserServiceUnderTest.start(
                        other.settings(), Map.of("deletion.consumers", ""), clock(), contract())) {
            ApiClient client = alone.client();
            client.post("/v1/users", credentials("leaver", PASSWORD)).send();
            String token = token(
                    client.post("/v1/sessions", credentials("leaver", PASSWORD)).send());

            ApiResponse accepted = client.post("/v1/users/me/deletion", "{\"password\": \"" + PASSWORD + "\"}")
                    .bearer(token)
                    .send();

            assertThat(accepted.json().get("state").asText()).isEqualTo("completed");
            assertThat(client.post("/v1/users", credentials("leaver", PASSWORD))
                            .send()
                            .status())
                    .isEqualTo(201);
        }
    }

    @Test
    void countsWrongPasswordsWhereverTheyAreAskedFor() {
        register("guessed", PASSWORD);
        String token = token(signIn("guessed", PASSWORD));
        for (int i = 0; i < 5; i++) {
            assertThat(changePassword(token, "wrong horse", "violet morning ladder")
                            .status())
                    .isEqualTo(403);
            assertThat(delete(token, "wrong horse").status()).isEqualTo(403);
        }

        ApiResponse refused = changePassword(token, PASSWORD, "violet morning ladder");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("Retry-After")).isPresent();
        assertThat(delete(token, PASSWORD).status()).isEqualTo(429);
    }

    @Test
    void knowsNoOtherDeletions() {
        assertThat(api.get("/v1/deletions/" + UUID.randomUUID()).send().status())
                .isEqualTo(404);
        assertThat(api.get("/v1/deletions/1").send().status()).isEqualTo(400);
    }

    @Test
    void keepsTheLastAdministrator() {
        String chief = FirstAdministrator.token(api);

        ApiResponse refused = delete(chief, FirstAdministrator.PASSWORD);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(type(refused)).isEqualTo("last-admin");
        assertThat(api.get("/v1/users/me").bearer(chief).send().status()).isEqualTo(200);
    }

    @Test
    void doesNothingForAnAccountThatIsGone() {
        register("ghost", PASSWORD);
        String token = token(signIn("ghost", PASSWORD));
        delete(token, PASSWORD);

        assertThat(patch(token, "*", "{}").status()).isEqualTo(401);
        assertThat(changePassword(token, PASSWORD, "violet morning ladder").status())
                .isEqualTo(401);
        assertThat(delete(token, PASSWORD).status()).isEqualTo(401);
    }

    @Test
    void nobodyRegistersWhereItIsClosed() throws Exception {
        try (DatabaseUnderTest other = DatabaseUnderTest.embedded();
                UserServiceUnderTest closed = inMode("closed", other)) {
            ApiResponse refused = closed.client()
                    .post("/v1/users", credentials("outsider", PASSWORD))
                    .send();
            assertThat(refused.status()).isEqualTo(403);
            assertThat(type(refused)).isEqualTo("registration-closed");
            assertThat(type(registerWith(closed.client(), "outsider", invite(closed.client()))))
                    .isEqualTo("registration-closed");
        }
    }

    @Test
    void theInvitedRegisterWhereItIsByInvitation() throws Exception {
        try (DatabaseUnderTest other = DatabaseUnderTest.embedded();
                UserServiceUnderTest inviting = inMode("invite", other)) {
            ApiClient client = inviting.client();
            ApiResponse uninvited =
                    client.post("/v1/users", credentials("guest", PASSWORD)).send();
            assertThat(type(uninvited)).isEqualTo("invitation-required");
            String invitation = invite(client);

            assertThat(type(registerWith(client, FirstAdministrator.USERNAME, invitation)))
                    .isEqualTo("username-taken");
            ApiResponse invited = registerWith(client, "guest", invitation);
            assertThat(invited.status()).isEqualTo(201);
            assertThat(invited.json().get("email").asText()).isEqualTo("guest@example.com");

            ApiResponse used = registerWith(client, "guest2", invitation);
            ApiResponse unknown = registerWith(client, "guest2", "unknown");
            String late = invite(client);
            setTime(START.plus(Duration.ofDays(7)));
            ApiResponse expired = registerWith(client, "guest2", late);
            for (ApiResponse refused : List.of(used, unknown, expired)) {
                assertThat(refused.status()).isEqualTo(403);
                assertThat(type(refused)).isEqualTo("invitation-invalid");
                assertThat(refused.json().get("detail")).isEqualTo(used.json().get("detail"));
            }
        }
    }

    private UserServiceUnderTest inMode(String mode, DatabaseUnderTest other) {
        Map<String, String> settings = new HashMap<>(FirstAdministrator.settings());
        settings.put("registration.mode", mode);
        return UserServiceUnderTest.start(other.settings(), settings, clock(), contract());
    }

    private static String invite(ApiClient client) {
        return client.post("/v1/admin/invitations", "{\"email\": \"guest@example.com\"}")
                .bearer(FirstAdministrator.token(client))
                .send()
                .json()
                .get("token")
                .asText();
    }

    private static ApiResponse registerWith(ApiClient client, String username, String invitation) {
        return client.post(
                        "/v1/users",
                        "{\"username\": \"%s\", \"password\": \"%s\", \"invitation\": \"%s\"}"
                                .formatted(username, PASSWORD, invitation))
                .send();
    }

    private ApiResponse get(String path, String token, String known) {
        return api.get(path).bearer(token).header("If-None-Match", known).send();
    }

    private ApiResponse patch(String token, String tag, String body) {
        return api.request("PATCH", "/v1/users/me")
                .bearer(token)
                .header("If-Match", tag)
                .body("application/merge-patch+json", body)
                .send();
    }

    private ApiResponse changePassword(String token, String current, String next) {
        return api.post(
                        "/v1/users/me/password",
                        "{\"currentPassword\": \"%s\", \"newPassword\": \"%s\"}".formatted(current, next))
                .bearer(token)
                .send();
    }

    private ApiResponse delete(String token, String password) {
        return api.post("/v1/users/me/deletion", "{\"password\": \"" + password + "\"}")
                .bearer(token)
                .send();
    }

    private void acknowledge(String deletion, String consumer) {
        int status = api.request("POST", "/internal" + deletion + "/acknowledgements")
                .bearer(service.clientToken(consumer, "events"))
                .send()
                .status();
        assertThat(status).isEqualTo(204);
    }

    private List<String> audit() {
        return texts("SELECT kind FROM audit_entry ORDER BY id");
    }

    private List<String> events(String userId) {
        return texts("SELECT type FROM event WHERE user_id = '" + userId + "' ORDER BY position");
    }

    private List<String> texts(String sql) {
        try (Database behindItsBack = database.open()) {
            return behindItsBack.read(
                    handle -> handle.createQuery(sql).mapTo(String.class).list());
        }
    }

    private static String type(ApiResponse problem) {
        return problem.json().get("type").asText().replaceFirst(".*/", "");
    }
}
