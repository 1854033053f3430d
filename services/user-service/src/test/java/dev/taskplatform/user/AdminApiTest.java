// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.database.Database;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What administrators do, over HTTP and held to the document. */
class AdminApiTest extends ApiTest {
    private static final Pattern NEXT = Pattern.compile("<(/v1/admin/[^>]+)>; rel=\"next\"");

    AdminApiTest() {
        super("admin", FirstAdministrator.settings());
    }

    @Override
    String authorized() {
        return FirstAdministrator.token(api);
    }

    @Test
    void isForAdministratorsOnly() {
        register("ordinary", PASSWORD);
        String token = token(signIn("ordinary", PASSWORD));

        ApiResponse refused = api.get("/v1/admin/users").bearer(token).send();

        assertThat(refused.status()).isEqualTo(403);
        assertThat(type(refused)).isEqualTo("admin-required");
    }

    @Test
    void makesAccounts() {
        ApiResponse made = create(
                "{\"username\": \"made\", \"password\": \"%s\", \"displayName\": \"Made Up\",".formatted(PASSWORD)
                        + " \"email\": \"made@example.com\", \"roles\": [\"user\", \"admin\"]}");

        assertThat(made.status()).isEqualTo(201);
        JsonNode user = made.json();
        assertThat(made.header("Location"))
                .contains("/v1/admin/users/" + user.get("id").asText());
        assertThat(user.get("displayName").asText()).isEqualTo("Made Up");
        assertThat(user.get("roles")).hasSize(2);
        assertThat(user.get("disabled").asBoolean()).isFalse();
        ApiResponse read = read(user);
        assertThat(read.json()).isEqualTo(user);
        assertThat(read.header("ETag")).isEqualTo(made.header("ETag"));
        assertThat(api.get("/v1/admin/users/" + id(user))
                        .bearer(authorized())
                        .header("If-None-Match", read.header("ETag").orElseThrow())
                        .send()
                        .status())
                .isEqualTo(304);
        // A new administrator is one at once.
        assertThat(api.get("/v1/admin/users")
                        .bearer(token(signIn("made", PASSWORD)))
                        .send()
                        .status())
                .isEqualTo(200);
        assertThat(create("{\"username\": \"MADE\", \"password\": \"" + PASSWORD + "\"}")
                        .status())
                .isEqualTo(409);
        leave(user);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"username\": \"x\"}",
                "{\"username\": \"me\", \"password\": \"correct horse\"}",
                "{\"username\": \"x\", \"password\": \"short\"}",
                "{\"username\": \"x\", \"password\": \"correct horse\", \"roles\": []}",
                "{\"username\": \"x\", \"password\": \"correct horse\", \"roles\": [\"root\"]}",
                "{\"username\": \"x\", \"password\": \"correct horse\", \"roles\": \"admin\"}",
                "{\"username\": \"x\", \"password\": \"correct horse\", \"disabled\": true}"
            })
    void refusesWhatCannotBeMade(String body) {
        assertThat(create(body).status()).isEqualTo(400);
    }

    @Test
    void changesAccounts() {
        JsonNode user = make("changed");

        ApiResponse changed = patch(user, "*", "{\"displayName\": \"New\", \"roles\": [\"admin\", \"user\"]}");
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().get("displayName").asText()).isEqualTo("New");
        assertThat(changed.json().get("roles").toString()).isEqualTo("[\"user\",\"admin\"]");
        assertThat(audit(user)).containsExactly("account.registered", "account.updated", "account.roles-changed");
        assertThat(patch(user, "\"1\"", "{\"displayName\": null}").status()).isEqualTo(412);
        assertThat(patch(user, null, "{}").status()).isEqualTo(428);
        assertThat(patch(user, "*", "{\"roles\": null}").status()).isEqualTo(400);
        assertThat(patch(user, "*", "{\"disabled\": \"yes\"}").status()).isEqualTo(400);
        assertThat(request("PATCH", UUID.randomUUID() + "")
                        .header("If-Match", "*")
                        .body("application/merge-patch+json", "{}")
                        .send()
                        .status())
                .isEqualTo(404);
        leave(user);
    }

    @Test
    void disablesAndEnablesAccounts() {
        JsonNode user = make("switched");

        ApiResponse disabled = patch(user, "*", "{\"disabled\": true}");
        assertThat(disabled.json().get("disabled").asBoolean()).isTrue();
        assertThat(disabled.json().get("disabledAt").asText()).isEqualTo(START.toString());
        ApiResponse again = patch(user, "*", "{\"disabled\": true}");
        assertThat(again.json()).isEqualTo(disabled.json());
        ApiResponse enabled = patch(user, "*", "{\"disabled\": false}");
        assertThat(enabled.json().has("disabledAt")).isFalse();

        assertThat(audit(user)).containsExactly("account.registered", "account.disabled", "account.enabled");
        assertThat(events(user)).containsExactly("user.disabled", "user.enabled");
    }

    @Test
    void whoIsDemotedAdministersNothingAnyMore() {
        JsonNode user = make("deposed");
        patch(user, "*", "{\"roles\": [\"user\", \"admin\"]}");
        String token = token(signIn("deposed", PASSWORD));
        List<String> lists = Stream.of("users", "invitations", "deletions", "audit", "clients", "keys")
                .map(list -> "/v1/admin/" + list)
                .toList();
        for (String list : lists) {
            assertThat(api.get(list).bearer(token).send().status()).as(list).isEqualTo(200);
        }

        patch(user, "*", "{\"roles\": [\"user\"]}");

        for (String list : lists) {
            ApiResponse refused = api.get(list).bearer(token).send();
            assertThat(refused.status()).as(list).isEqualTo(403);
            assertThat(type(refused)).isEqualTo("admin-required");
        }
    }

    @Test
    void whoIsDisabledIsSignedOut() {
        JsonNode user = make("barred");
        String token = token(signIn("barred", PASSWORD));

        patch(user, "*", "{\"disabled\": true}");

        assertThat(api.get("/v1/users/me").bearer(token).send().status()).isEqualTo(401);
        assertThat(signIn("barred", PASSWORD).status()).isNotEqualTo(201);
        assertThat(events(user)).containsExactly("session.revoked", "user.disabled");
    }

    @Test
    void unlocksAccounts() {
        JsonNode user = make("locked");
        for (int i = 0; i < 10; i++) {
            assertThat(signIn("locked", "wrong horse").status()).isEqualTo(401);
        }
        assertThat(signIn("locked", PASSWORD).status()).isEqualTo(429);

        assertThat(request("POST", id(user) + "/unlock").send().status()).isEqualTo(204);

        assertThat(signIn("locked", PASSWORD).status()).isEqualTo(201);
        assertThat(audit(user)).containsOnlyOnce("account.unlocked");
        assertThat(request("POST", id(user) + "/unlock").send().status()).isEqualTo(204);
        assertThat(audit(user)).containsOnlyOnce("account.unlocked");
        assertThat(request("POST", UUID.randomUUID() + "/unlock").send().status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"roles\": [\"user\"]}", "{\"disabled\": true}"})
    void keepsTheLastAdministrator(String body) {
        JsonNode chief = chief();

        ApiResponse refused = patch(chief, "*", body);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(type(refused)).isEqualTo("last-admin");
        assertThat(read(chief).json()).isEqualTo(chief);
        assertThat(request("DELETE", id(chief)).send().status()).isEqualTo(409);
    }

    @Test
    void deletesAccounts() {
        JsonNode user = make("deleted");

        assertThat(request("DELETE", id(user))
                        .header("If-Match", "\"7\"")
                        .send()
                        .status())
                .isEqualTo(412);
        ApiResponse accepted =
                request("DELETE", id(user)).header("If-Match", "\"1\"").send();
        assertThat(accepted.status()).isEqualTo(202);
        assertThat(read(user).status()).isEqualTo(404);
        assertThat(request("DELETE", id(user)).send().status()).isEqualTo(404);

        JsonNode pending = find(all("/v1/admin/deletions?state=pending&limit=1"), "userId", id(user));
        assertThat(pending.get("id")).isEqualTo(accepted.json().get("id"));
        api.request("POST", "/internal/v1/deletions/" + id(pending) + "/acknowledgements")
                .bearer(service.clientToken("task-service", "events"))
                .send();
        JsonNode completed = find(all("/v1/admin/deletions?state=completed"), "userId", id(user));
        assertThat(completed.get("completedAt").asText()).isEqualTo(START.toString());
        assertThat(all("/v1/admin/deletions")).contains(completed);
    }

    @Test
    void endsSessions() {
        JsonNode user = make("away");
        String token = token(signIn("away", PASSWORD));

        assertThat(request("DELETE", id(user) + "/sessions").send().status()).isEqualTo(204);
        assertThat(api.get("/v1/users/me").bearer(token).send().status()).isEqualTo(401);
        assertThat(events(user)).containsExactly("session.revoked");
        assertThat(request("DELETE", UUID.randomUUID() + "/sessions").send().status())
                .isEqualTo(404);
    }

    @Test
    void listsAccountsInPages() {
        List<String> names = List.of("list-a", "list-B", "list-c", "list-d", "list-é");
        names.reversed().forEach(this::make);
        make("other", "List of all");

        assertThat(usernames(all("/v1/admin/users?q=LIST-&limit=2"))).isEqualTo(names);
        assertThat(usernames(all("/v1/admin/users?q=list&limit=5"))).endsWith("list-é", "other");
        assertThat(usernames(all("/v1/admin/users?limit=3")))
                .containsAll(names)
                .isSortedAccordingTo(String.CASE_INSENSITIVE_ORDER);
        assertThat(usernames(all("/v1/admin/users?role=admin")))
                .contains(FirstAdministrator.USERNAME)
                .doesNotContainAnyElementsOf(names);
        patch(find(all("/v1/admin/users?q=list-c"), "username", "list-c"), "*", "{\"disabled\": true}");
        assertThat(usernames(all("/v1/admin/users?status=disabled&q=list"))).containsExactly("list-c");
        assertThat(usernames(all("/v1/admin/users?status=active&q=list-")))
                .containsExactly("list-a", "list-B", "list-d", "list-é");
    }

    @Test
    void takesACursorForItsListOnly() {
        List.of("page1", "page2", "page3").forEach(this::make);
        String next = api.get("/v1/admin/users?q=page&limit=1")
                .bearer(authorized())
                .send()
                .json()
                .get("next")
                .asText();

        assertThat(usernames(List.of(get("/v1/admin/users?q=page&limit=1&cursor=" + next)
                        .json()
                        .get("items")
                        .get(0))))
                .containsExactly("page2");
        assertThat(get("/v1/admin/users?limit=1&cursor=" + next).status()).isEqualTo(400);
        assertThat(get("/v1/admin/deletions?cursor=" + next).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "users?limit=0",
                "users?limit=201",
                "users?limit=x",
                "users?q=",
                "users?q=%00",
                "users?status=locked",
                "users?role=root",
                "users?colour=red",
                "users?cursor=x",
                "users/1",
                "invitations?limit=x",
                "invitations?cursor=x",
                "deletions?state=x"
            })
    void refusesWrongParameters(String path) {
        assertThat(get("/v1/admin/" + path).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({"PATCH,''", "DELETE,''", "DELETE,/sessions", "POST,/unlock"})
    void refusesWrongIds(String method, String rest) {
        assertThat(request(method, "1" + rest)
                        .header("If-Match", "*")
                        .body("application/merge-patch+json", "{}")
                        .send()
                        .status())
                .isEqualTo(400);
    }

    @Test
    void invites() {
        ApiResponse invited = invite(
                "{\"email\": \"guest@example.com\", \"note\": \"for a guest\", \"expiresIn\": \"PT1H\", \"role\": \"admin\"}");
        assertThat(invited.status()).isEqualTo(201);
        JsonNode invitation = invited.json();
        assertThat(invitation.get("state").asText()).isEqualTo("open");
        assertThat(invitation.get("expiresAt").asText())
                .isEqualTo(START.plus(Duration.ofHours(1)).toString());
        assertThat(invitation.get("createdBy")).isEqualTo(chief().get("id"));
        JsonNode listed = listed(invitation);
        assertThat(listed.has("token")).isFalse();
        assertThat(listed.get("note").asText()).isEqualTo("for a guest");

        setTime(START.plus(Duration.ofHours(1)));
        assertThat(listed(invitation).get("state").asText()).isEqualTo("expired");
        setTime(START);
        JsonNode guest = api.post(
                        "/v1/users",
                        "{\"username\": \"guest\", \"password\": \"%s\", \"invitation\": \"%s\"}"
                                .formatted(PASSWORD, invitation.get("token").asText()))
                .send()
                .json();
        assertThat(guest.get("roles")).hasSize(2);
        JsonNode used = listed(invitation);
        assertThat(used.get("state").asText()).isEqualTo("used");
        assertThat(used.get("usedBy")).isEqualTo(guest.get("id"));
        assertThat(revoke(invitation).status()).isEqualTo(409);
        leave(guest);
    }

    @Test
    void letsNobodyMakeAdministratorsAfterTheirTime() {
        JsonNode former = make("former");
        patch(former, "*", "{\"roles\": [\"user\", \"admin\"]}");
        JsonNode invitation = api.post("/v1/admin/invitations", "{\"role\": \"admin\"}")
                .bearer(token(signIn("former", PASSWORD)))
                .send()
                .json();
        patch(former, "*", "{\"roles\": [\"user\"]}");

        ApiResponse refused = api.post(
                        "/v1/users",
                        "{\"username\": \"latter\", \"password\": \"%s\", \"invitation\": \"%s\"}"
                                .formatted(PASSWORD, invitation.get("token").asText()))
                .send();

        assertThat(type(refused)).isEqualTo("invitation-invalid");
        leave(former);
    }

    @Test
    void revokesInvitations() {
        JsonNode invitation = invite("{}").json();

        assertThat(revoke(invitation).status()).isEqualTo(204);
        assertThat(revoke(invitation).status()).isEqualTo(204);

        assertThat(listed(invitation).get("state").asText()).isEqualTo("revoked");
        ApiResponse refused = api.post(
                        "/v1/users",
                        "{\"username\": \"late\", \"password\": \"%s\", \"invitation\": \"%s\"}"
                                .formatted(PASSWORD, invitation.get("token").asText()))
                .send();
        assertThat(type(refused)).isEqualTo("invitation-invalid");
        assertThat(api.request("DELETE", "/v1/admin/invitations/" + UUID.randomUUID())
                        .bearer(authorized())
                        .send()
                        .status())
                .isEqualTo(404);
        assertThat(api.request("DELETE", "/v1/admin/invitations/1")
                        .bearer(authorized())
                        .send()
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"expiresIn\": \"PT1S\"}",
                "{\"expiresIn\": \"P91D\"}",
                "{\"expiresIn\": \"soon\"}",
                "{\"role\": \"root\"}",
                "{\"email\": \"nobody\"}",
                "{\"note\": \"a\\nb\"}",
                "{\"maxUses\": 2}"
            })
    void refusesInvitationsThatCannotBe(String body) {
        assertThat(invite(body).status()).isEqualTo(400);
    }

    @Test
    void neverKeepsTheSecretOfAnInvitation() {
        String token = invite("{}").json().get("token").asText();

        assertThat(texts("SELECT hex(token_hash) || id FROM invitation").toString())
                .doesNotContain(token);
        assertThat(texts("SELECT details FROM audit_entry").toString()).doesNotContain(token);
    }

    @Test
    void makesOneAccountOfARepeatedRequest() {
        String body = "{\"username\": \"repeated\", \"password\": \"%s\"}".formatted(PASSWORD);
        ApiResponse first = repeatable("/v1/admin/users", body);
        ApiResponse again = repeatable("/v1/admin/users", body);

        assertThat(first.status()).isEqualTo(201);
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(again.header("ETag")).isEqualTo(first.header("ETag"));
        assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        assertThat(again.header("Idempotency-Replayed")).contains("true");
        assertThat(repeatable("/v1/admin/users", body.replace("repeated", "other"))
                        .status())
                .isEqualTo(422);
    }

    @Test
    void makesOneInvitationOfARepeatedRequestAndKeepsItsSecret() throws Exception {
        String token =
                repeatable("/v1/admin/invitations", "{}").json().get("token").asText();

        assertThat(repeatable("/v1/admin/invitations", "{}").json().get("token").asText())
                .isEqualTo(token);
        assertThat(repeatable("/v1/admin/invitations", "{\"role\": \"user\"}").status())
                .isEqualTo(422);
        assertThat(texts("SELECT hex(answer) FROM idempotency_key WHERE answer IS NOT NULL")
                        .toString())
                .isNotEqualTo("[]")
                .doesNotContain(HexFormat.of().withUpperCase().formatHex(token.getBytes(StandardCharsets.US_ASCII)));
        // As if the first were still at work.
        try (Database own = database.open()) {
            own.write(handle -> handle.execute("UPDATE idempotency_key SET answer = NULL"));
        }
        assertThat(repeatable("/v1/admin/invitations", "{}").status()).isEqualTo(409);
    }

    private ApiResponse repeatable(String path, String body) {
        return api.post(path, body)
                .bearer(authorized())
                .header("Idempotency-Key", "8e03978e-40d5-43e8-bc93-6894a57f9324")
                .send();
    }

    private JsonNode chief() {
        return find(all("/v1/admin/users?q=" + FirstAdministrator.USERNAME), "username", FirstAdministrator.USERNAME);
    }

    private JsonNode make(String username) {
        return create("{\"username\": \"%s\", \"password\": \"%s\"}".formatted(username, PASSWORD))
                .json();
    }

    private void make(String username, String displayName) {
        create("{\"username\": \"%s\", \"password\": \"%s\", \"displayName\": \"%s\"}"
                .formatted(username, PASSWORD, displayName));
    }

    /** So that the chief is the only administrator again. */
    private void leave(JsonNode user) {
        assertThat(request("DELETE", id(user)).send().status()).isEqualTo(202);
    }

    private ApiResponse create(String body) {
        return api.post("/v1/admin/users", body).bearer(authorized()).send();
    }

    private ApiResponse read(JsonNode user) {
        return get("/v1/admin/users/" + id(user));
    }

    private ApiResponse patch(JsonNode user, String tag, String body) {
        var request = request("PATCH", id(user)).body("application/merge-patch+json", body);
        return (tag == null ? request : request.header("If-Match", tag)).send();
    }

    private ApiResponse invite(String body) {
        return api.post("/v1/admin/invitations", body).bearer(authorized()).send();
    }

    private ApiResponse revoke(JsonNode invitation) {
        return api.request("DELETE", "/v1/admin/invitations/" + id(invitation))
                .bearer(authorized())
                .send();
    }

    private JsonNode listed(JsonNode invitation) {
        return find(all("/v1/admin/invitations?limit=1"), "id", id(invitation));
    }

    private ApiResponse get(String path) {
        return api.get(path).bearer(authorized()).send();
    }

    private ApiClient.Request request(String method, String rest) {
        return api.request(method, "/v1/admin/users/" + rest).bearer(authorized());
    }

    /** All pages of a list, by their links. */
    private List<JsonNode> all(String path) {
        List<JsonNode> items = new ArrayList<>();
        String next = path;
        while (next != null) {
            ApiResponse page = get(next);
            assertThat(page.status()).isEqualTo(200);
            page.json().get("items").forEach(items::add);
            Matcher link = NEXT.matcher(page.header("Link").orElse(""));
            next = link.matches() ? link.group(1) : null;
            assertThat(page.json().has("next")).isEqualTo(next != null);
        }
        return items;
    }

    private static JsonNode find(List<JsonNode> items, String name, String value) {
        return items.stream()
                .filter(item -> item.get(name).asText().equals(value))
                .findFirst()
                .orElseThrow();
    }

    private static String id(JsonNode item) {
        return item.get("id").asText();
    }

    private static List<String> usernames(List<JsonNode> users) {
        return users.stream().map(user -> user.get("username").asText()).toList();
    }

    private List<String> audit(JsonNode user) {
        return texts("SELECT kind FROM audit_entry WHERE user_id = '" + id(user) + "' ORDER BY id");
    }

    private List<String> events(JsonNode user) {
        return texts("SELECT type FROM event WHERE user_id = '" + id(user) + "' ORDER BY position");
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
