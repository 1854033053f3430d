// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.contract.OpenApiContract;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.user.oauth.protocol.Secrets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Flows and races of OAuth over two replicas, in every database. */
@OnEveryDatabase
class OAuthReplicasTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);
    private static final String PASSWORD = "correct horse";
    private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private static final String CALLBACK = "com.example.phone:/callback";
    private static final Pattern CODE = Pattern.compile("[?&]code=([^&]+)");

    private final DatabaseUnderTest database;
    private final OpenApiContract contract = OpenApiContract.load();
    private UserServiceUnderTest one;
    private UserServiceUnderTest other;

    OAuthReplicasTest(DatabaseUnderTest database) {
        this.database = database;
    }

    @BeforeEach
    void start() {
        one = UserServiceUnderTest.start(database.settings(), Map.of(), CLOCK, contract);
        other = UserServiceUnderTest.start(database.settings(), Map.of(), CLOCK, contract);
    }

    @AfterEach
    void stop() {
        one.close();
        other.close();
    }

    @Test
    void oneOfManyHasACodeAndWhoeverRepeatsItEndsTheSession() throws Exception {
        String client = register();
        Browser browser = signedIn(client);
        String code = code(browser.submit("decision", "allow"));

        List<Callable<ApiResponse>> attempts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            attempts.add(() -> redeem(one.client(), client, code));
            attempts.add(() -> redeem(other.client(), client, code));
        }
        List<ApiResponse> answers = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<ApiResponse> answer : executor.invokeAll(attempts)) {
                answers.add(answer.get());
            }
        }
        List<ApiResponse> won =
                answers.stream().filter(answer -> answer.status() == 200).toList();
        assertThat(won).hasSize(1);
        assertThat(answers).extracting(ApiResponse::status).containsOnly(200, 400);
        redeem(one.client(), client, code);
        assertThat(other.client()
                        .get("/oauth2/userinfo")
                        .bearer(won.getFirst().json().get("access_token").asText())
                        .send()
                        .status())
                .isEqualTo(401);
    }

    @Test
    void theOtherReplicaGoesOnWhereOneBegan() {
        String client = register();
        // Consent, and the next code, at the other replica, with the cookies of the first.
        Browser there = new Browser(other.client());
        Browser here = signedIn(client);
        there.cookies().putAll(here.cookies());
        assertThat(there.open(request(client)).body()).contains("Allow access?");
        assertThat(code(there.submit("decision", "allow"))).isNotEmpty();
        String code = code(here.open(request(client)));

        ApiResponse tokens = redeem(other.client(), client, code);
        assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
        assertThat(one.client()
                        .get("/oauth2/userinfo")
                        .bearer(tokens.json().get("access_token").asText())
                        .send()
                        .status())
                .isEqualTo(200);
        assertThat(one.client()
                        .postForm(
                                "/oauth2/revoke",
                                "client_id",
                                client,
                                "token",
                                tokens.json().get("access_token").asText())
                        .send()
                        .status())
                .isEqualTo(200);
        assertThat(other.client()
                        .get("/oauth2/userinfo")
                        .bearer(tokens.json().get("access_token").asText())
                        .send()
                        .status())
                .isEqualTo(401);
    }

    @Test
    void takesWithAClientOrAPersonWhatTheyHad() {
        String client = register();
        code(signedIn(client).submit("decision", "allow"));
        try (Database behindItsBack = database.open()) {
            assertThat(count(behindItsBack, "oauth_code")).isPositive();
            behindItsBack.write(handle -> handle.execute("DELETE FROM oauth_client"));
            assertThat(count(behindItsBack, "oauth_code")).isZero();
            assertThat(count(behindItsBack, "oauth_consent")).isZero();
        }
        String again = register();
        code(signedIn(again).submit("decision", "allow"));
        try (Database behindItsBack = database.open()) {
            behindItsBack.write(handle -> handle.execute("DELETE FROM account"));
            assertThat(count(behindItsBack, "oauth_code")).isZero();
            assertThat(count(behindItsBack, "oauth_consent")).isZero();
        }
    }

    @Test
    void aBrowserThatSignsInAgainHoldsNothingThatAChangeOfTheAccountNeeds() throws Exception {
        // SQLite has one writer at a time.
        assumeThat(database.kind()).isEqualTo(DatabaseUnderTest.Kind.POSTGRES);
        String client = register();
        String username = person();
        Browser browser = signedIn(client, username);
        browser.open(request(client) + "&prompt=login");

        try (Database changing = database.open();
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<ApiResponse> again = changing.write(handle -> {
                handle.execute("UPDATE account SET version = version WHERE username = ?", username);
                Future<ApiResponse> waiting =
                        executor.submit(() -> browser.submit("username", username, "password", PASSWORD));
                await().until(() -> waitsForALock(handle));
                handle.execute("UPDATE event_position SET last = last");
                return waiting;
            });
            assertThat(again.get().body()).contains("Allow access?");
        }
    }

    private static boolean waitsForALock(Handle handle) {
        return handle.createQuery("""
                        SELECT count(*) > 0 FROM pg_stat_activity
                        WHERE datname = current_database() AND wait_event_type = 'Lock'""").mapTo(Boolean.class).one();
    }

    @Test
    void knowsNoClientWhoseIdIsNoText() {
        String token = signIn(administrator());

        assertThat(one.client()
                        .get("/v1/admin/clients/%00")
                        .bearer(token)
                        .send()
                        .status())
                .isEqualTo(404);
    }

    private static int count(Database database, String table) {
        return database.read(handle -> handle.createQuery("SELECT count(*) FROM " + table)
                .mapTo(Integer.class)
                .one());
    }

    private String administrator() {
        String admin = person();
        try (Database behindItsBack = database.open()) {
            behindItsBack.write(
                    handle -> handle.execute("UPDATE account SET roles = 'user admin' WHERE username = ?", admin));
        }
        return admin;
    }

    private String signIn(String username) {
        return one.client()
                .post("/v1/sessions", credentials(username))
                .sendUndocumented()
                .json()
                .get("access_token")
                .asText();
    }

    private String register() {
        return one.client()
                .post("/v1/admin/clients", """
                        {"name": "Phone", "type": "public", "redirectUris": ["%s"],
                         "grantTypes": ["authorization_code"], "scopes": ["openid", "tasks"]}""".formatted(CALLBACK))
                .bearer(signIn(administrator()))
                .send()
                .json()
                .get("clientId")
                .asText();
    }

    private String person() {
        String username = "person-" + System.nanoTime();
        one.client().post("/v1/users", credentials(username)).send();
        return username;
    }

    private Browser signedIn(String client) {
        return signedIn(client, person());
    }

    private Browser signedIn(String client, String username) {
        Browser browser = new Browser(one.client());
        browser.open(request(client));
        assertThat(browser.submit("username", username, "password", PASSWORD).body())
                .contains("Allow access?");
        return browser;
    }

    private static String request(String client) {
        return "/oauth2/authorize?response_type=code&client_id=" + client + "&redirect_uri=" + CALLBACK
                + "&scope=openid+tasks&code_challenge_method=S256&code_challenge="
                + Base64.getUrlEncoder().withoutPadding().encodeToString(Secrets.hash(VERIFIER));
    }

    private static String code(ApiResponse response) {
        Matcher code = CODE.matcher(response.header("Location").orElse(""));
        assertThat(code.find()).as(response.body()).isTrue();
        return code.group(1);
    }

    private static ApiResponse redeem(ApiClient api, String client, String code) {
        return api.postForm(
                        "/oauth2/token",
                        "grant_type",
                        "authorization_code",
                        "client_id",
                        client,
                        "code",
                        code,
                        "redirect_uri",
                        CALLBACK,
                        "code_verifier",
                        VERIFIER)
                .send();
    }

    private static String credentials(String username) {
        return "{\"username\": \"%s\", \"password\": \"%s\"}".formatted(username, PASSWORD);
    }
}
