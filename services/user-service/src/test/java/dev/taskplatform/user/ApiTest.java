// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.contract.CommonAnswers;
import dev.taskplatform.kit.contract.OpenApiContract;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * The operations with one tag: a service with an empty database, a client that holds every answer to the document, and
 * in the end the proof that every documented status was seen.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class ApiTest {
    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    /** A password that every policy accepts. */
    static final String PASSWORD = "correct horse";

    private final String tag;
    private final Map<String, String> settings;
    private final OpenApiContract contract = OpenApiContract.load();
    private final CommonAnswers common;
    private final AtomicReference<Instant> now = new AtomicReference<>(START);

    DatabaseUnderTest database;
    UserServiceUnderTest service;
    ApiClient api;

    ApiTest(String tag) {
        this(tag, Map.of());
    }

    /** @param settings beside those of every test */
    ApiTest(String tag, Map<String, String> settings) {
        this.tag = tag;
        this.settings = settings;
        this.common = new CommonAnswers(contract, tag);
    }

    @BeforeAll
    void start() {
        database = DatabaseUnderTest.embedded();
        service = UserServiceUnderTest.start(database.settings(), settings, clock(), contract);
        api = service.client();
    }

    @AfterAll
    void stop() throws Exception {
        service.close();
        assertNoSecretsWereRecorded();
        database.close();
        contract.assertComplete(tag);
    }

    /** What services and administrators are told has no secret of anything that the tests did. */
    private void assertNoSecretsWereRecorded() {
        try (Database own = database.open()) {
            for (String table : List.of("audit_entry", "event")) {
                List<Map<String, Object>> rows = own.read(handle ->
                        handle.createQuery("SELECT * FROM " + table).mapToMap().list());
                assertThat(rows)
                        .allSatisfy(row -> assertThat(row.toString())
                                .doesNotContain("horse", "$argon2", "eyJ", "otpauth")
                                // Random texts of 128 bits and more, but for ids of keys, which are public.
                                .doesNotContainPattern(
                                        row.containsValue("key.rotated") ? "(?!)" : "[A-Za-z0-9_]{22,}"));
            }
        }
    }

    @AfterEach
    void resetTime() {
        now.set(START);
    }

    @Test
    void wantsATokenWhereItSaysSo() {
        common.checkWithoutToken(api);
    }

    @Test
    void refusesTokensForSomethingElse() {
        common.checkWithoutScope(api, service.clientToken("stranger", "nothing-here"));
    }

    @Test
    void refusesBodiesThatNobodyReads() {
        common.checkBodies(api, authorized());
    }

    @Test
    void saysWhenItsDatabaseIsAway() throws Exception {
        String token = "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6ImsifQ.e30.c2ln";
        // Nothing listens on port 1.
        try (DatabaseUnderTest away = DatabaseUnderTest.postgres("127.0.0.1", 1, "users", "users", "secret");
                UserServiceUnderTest waiting =
                        UserServiceUnderTest.start(away.settings(), settings, clock(), contract)) {
            common.checkWithoutDatabase(waiting.client(), token);
        }
    }

    @Test
    void limitsRequestsByAddressWhereAnybodyMayCall() throws Exception {
        Map<String, String> strict = new HashMap<>(settings);
        strict.putAll(Map.of("rate.requests-per-second", "1", "rate.burst", "1"));
        try (DatabaseUnderTest empty = DatabaseUnderTest.embedded();
                UserServiceUnderTest limited =
                        UserServiceUnderTest.start(empty.settings(), strict, clock(), contract)) {
            common.checkLimits(limited.client());
        }
    }

    /** An access token that may call the operations; an ordinary person's unless the tag is for others. */
    String authorized() {
        String username = "authorized-" + System.nanoTime();
        register(username, PASSWORD);
        return token(signIn(username, PASSWORD));
    }

    /** An access token of a new administrator. */
    String administrator() {
        String username = "admin-" + System.nanoTime();
        register(username, PASSWORD);
        try (Database own = database.open()) {
            own.write(handle -> handle.execute("UPDATE account SET roles = 'user admin' WHERE username = ?", username));
        }
        return token(signIn(username, PASSWORD));
    }

    OpenApiContract contract() {
        return contract;
    }

    Clock clock() {
        InstantSource source = now::get;
        return source.withZone(ZoneOffset.UTC);
    }

    /** Until the end of the test. */
    void setTime(Instant time) {
        now.set(time);
    }

    ApiResponse register(String username, String password) {
        return api.post("/v1/users", credentials(username, password)).send();
    }

    ApiResponse signIn(String username, String password) {
        return api.post("/v1/sessions", credentials(username, password)).send();
    }

    static String token(ApiResponse session) {
        return session.json().get("access_token").asText();
    }

    static String credentials(String username, String password) {
        return "{\"username\": \"%s\", \"password\": \"%s\"}".formatted(username, password);
    }
}
