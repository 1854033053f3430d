// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.contract.CommonAnswers;
import dev.taskplatform.kit.contract.OpenApiContract;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;

/**
 * The operations with one tag: a service with an empty database, a client that holds every answer to the document, a new
 * person for each test, and in the end the proof that every documented status was seen.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class ApiTest {
    static final Instant START = Instant.parse("2026-03-01T12:00:00.123456Z");
    static final String MERGE_PATCH = "application/merge-patch+json";

    private static final Pattern NEXT = Pattern.compile("<([^>]+)>; rel=\"next\"");

    private final String tag;
    private final Map<String, String> settings;
    private final OpenApiContract contract = OpenApiContract.load();
    private final CommonAnswers common;
    private final AtomicReference<Instant> now = new AtomicReference<>(START);

    /** What the service shows to get its own access tokens. */
    private Path credentials;

    /** What the service encrypts secrets by. */
    private Path key;

    @Parameter
    DatabaseUnderTest database;

    FakeUserService users;
    TaskServiceUnderTest service;
    ApiClient api;

    /** Who {@link #as} sends requests. */
    UUID userId;

    String token;

    ApiTest(String tag) {
        this(tag, Map.of());
    }

    /** @param settings beside those of every test */
    ApiTest(String tag, Map<String, String> settings) {
        this.tag = tag;
        this.settings = settings;
        this.common = new CommonAnswers(contract, tag);
    }

    @BeforeParameterizedClassInvocation
    void start(DatabaseUnderTest database) throws IOException {
        this.database = database;
        credentials = Files.writeString(database.directory().resolve("service-token"), FakeUserService.ASSERTION);
        key = Files.writeString(
                database.directory().resolve("service-key"), Base64.getEncoder().encodeToString(new byte[32]));
        users = new FakeUserService(clock());
        service = start(database, users.url(), Map.of());
        api = service.client();
    }

    @AfterParameterizedClassInvocation
    void stop() throws Exception {
        service.close();
        users.close();
        contract.assertComplete(tag);
    }

    @BeforeEach
    void signIn() {
        now.set(START);
        be("ann");
    }

    @Test
    void wantsATokenWhereItSaysSo() {
        common.checkWithoutToken(api);
    }

    @Test
    void refusesTokensForSomethingElse() {
        common.checkWithoutScope(api, users.token(userId, "ann", "openid profile"));
    }

    @Test
    void refusesBodiesThatNobodyReads() {
        common.checkBodies(api, token);
    }

    @Test
    void saysWhenItsDatabaseIsAway() throws Exception {
        users.register("ann", "correct horse battery staple");
        // Nothing listens on port 1.
        try (DatabaseUnderTest away = DatabaseUnderTest.postgres("127.0.0.1", 1, "tasks", "tasks", "secret");
                TaskServiceUnderTest waiting = start(away, users.url(), Map.of())) {
            common.checkWithoutDatabase(waiting.client(), token);
            assertThat(waiting.observer()
                            .get("/observe/health/ready")
                            .sendUndocumented()
                            .status())
                    .isEqualTo(503);
            assertThat(waiting.observer()
                            .get("/observe/health/live")
                            .sendUndocumented()
                            .status())
                    .isEqualTo(200);
        }
    }

    /**
     * One more service.
     *
     * @param more settings beside those of all services of this test
     */
    TaskServiceUnderTest start(DatabaseUnderTest database, String users, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(Map.of(
                "user-service.timeout",
                "PT0.5S",
                "user-service.event-wait",
                "PT1S",
                "user-service.token-file",
                credentials.toString(),
                "keys.encryption-key-file",
                key.toString()));
        all.putAll(settings);
        all.putAll(more);
        return TaskServiceUnderTest.start(database.settings(), users, all, clock(), contract);
    }

    Clock clock() {
        InstantSource source = now::get;
        return source.withZone(ZoneOffset.UTC);
    }

    OpenApiContract contract() {
        return contract;
    }

    /** Until the end of the test. */
    void setTime(Instant time) {
        now.set(time);
    }

    /** Sends the requests from now on as a new person. */
    void be(String username) {
        be(UUID.randomUUID(), username);
    }

    /** Sends the requests from now on as this person. */
    void be(UUID id, String username) {
        userId = id;
        token = users.token(id, username);
    }

    /** Sends the requests from now on as a new person whom the user service knows; their id. */
    UUID beKnown(String username) {
        be(users.register(username, "correct horse battery staple"), username);
        return userId;
    }

    ApiResponse create(String body) {
        return as(api.post("/v1/tasks", body));
    }

    ApiResponse get(String path) {
        return as(api.get(path));
    }

    ApiResponse patch(String path, String patch) {
        return as(api.request("PATCH", path).body(MERGE_PATCH, patch));
    }

    ApiResponse as(ApiClient.Request request) {
        return request.bearer(token).send();
    }

    static String location(ApiResponse made) {
        return made.header("Location").orElseThrow();
    }

    /** Where the Link header leads; null when there is none. */
    static String next(ApiResponse page) {
        Matcher link = NEXT.matcher(page.header("Link").orElse(""));
        return link.matches() ? link.group(1) : null;
    }
}
