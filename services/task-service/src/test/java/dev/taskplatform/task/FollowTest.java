// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.contract.OpenApiContract;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.task.FakeUserService.FeedMood;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the service does about what happens to accounts and sessions. */
@OnEveryDatabase
class FollowTest {
    private static final OpenApiContract CONTRACT = OpenApiContract.load();

    private final UUID ann = UUID.randomUUID();
    private final UUID session = UUID.randomUUID();
    private final DatabaseUnderTest database;
    private FakeUserService users;
    private TaskServiceUnderTest service;
    private Path credentials;
    private String token;

    FollowTest(DatabaseUnderTest database) {
        this.database = database;
    }

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        credentials = Files.writeString(directory.resolve("token"), FakeUserService.ASSERTION + "\n");
        forgetTheFeedOfTheTestBefore();
        users = new FakeUserService(Clock.systemUTC());
        token = users.token(ann, "ann", session);
        service = start(Map.of());
    }

    @AfterEach
    void stop() {
        service.close();
        users.close();
    }

    private TaskServiceUnderTest start(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "user-service.timeout", "PT0.5S",
                "user-service.event-wait", "PT0S",
                "user-service.token-file", credentials.toString()));
        settings.putAll(more);
        return TaskServiceUnderTest.start(database.settings(), users.url(), settings, Clock.systemUTC(), CONTRACT);
    }

    /** Each test has a feed of its own; they share the database. */
    private void forgetTheFeedOfTheTestBefore() {
        try (Database shared = database.open()) {
            shared.write(handle -> handle.execute("UPDATE followed_feed SET next_after = NULL"));
            shared.write(handle -> handle.execute("DELETE FROM removal"));
        }
    }

    @Test
    void refusesTheTokensOfASessionThatEndedAndNoOthers() {
        String other = users.token(ann, "ann", UUID.randomUUID());
        assertThat(list(token).status()).isEqualTo(200);

        users.append("session.revoked", ann, session);

        awaitStatus(token, 401);
        assertThat(list(token).header("WWW-Authenticate").orElseThrow()).contains("error=\"invalid_token\"");
        assertThat(list(other).status()).isEqualTo(200);
    }

    @Test
    void refusesDisabledPersonsUntilTheyAreEnabled() {
        users.append("user.disabled", ann);
        awaitStatus(token, 401);

        users.append("user.enabled", ann);
        awaitStatus(token, 200);
    }

    @Test
    void removesTheTasksOfADeletedAccountAndSaysSo() {
        String bob = users.token(UUID.randomUUID(), "bob");
        for (int i = 0; i < 3; i++) {
            assertThat(create(token).status()).isEqualTo(201);
        }
        String kept = create(bob).header("Location").orElseThrow();

        UUID deletion = users.append("user.deleted", ann);

        awaitAcknowledged(deletion);
        assertThat(list(token).status()).isEqualTo(401);
        // A token that no event is about shows that nothing is left.
        assertThat(service.client().get(kept).bearer(bob).send().status()).isEqualTo(200);
        assertThat(tasksOf(ann)).isZero();
    }

    @Test
    void doesNoHarmWithEventsThatComeAgain() {
        users.repeatEvents();
        users.append("user.disabled", ann);
        users.append("user.enabled", ann);
        UUID deletion = users.append("user.deleted", UUID.randomUUID());

        awaitAcknowledged(deletion);
        await().until(() -> users.feedReads() > 5);
        assertThat(list(token).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WELL")
    void goesOnWithoutTheFeedAndCatchesUp(FeedMood mood) {
        users.feedMood(mood);
        users.append("session.revoked", ann, session);

        await().until(() -> metric("user_events_success_age_seconds") > 0.1);
        assertThat(list(token).status()).isEqualTo(200);
        assertThat(service.observer()
                        .get("/observe/health/ready")
                        .sendUndocumented()
                        .status())
                .isEqualTo(200);

        users.feedMood(FeedMood.WELL);
        awaitStatus(token, 401);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WELL")
    void goesOnWithoutATokenAndCatchesUp(FeedMood mood) {
        users.tokenMood(mood);
        users.dropServiceToken();
        int before = users.tokenRequests();
        users.append("session.revoked", ann, session);

        await().until(() -> users.tokenRequests() > before);
        assertThat(list(token).status()).isEqualTo(200);

        users.tokenMood(FeedMood.WELL);
        awaitStatus(token, 401);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WELL")
    void acknowledgesWhenItCan(FeedMood mood) {
        users.acknowledgementMood(mood);
        UUID deletion = users.append("user.deleted", ann);
        awaitStatus(token, 401);
        // What cannot be acknowledged keeps no other event waiting.
        String bob = users.token(UUID.randomUUID(), "bob", session);
        users.append("session.revoked", UUID.randomUUID(), session);
        awaitStatus(bob, 401);
        assertThat(users.acknowledged()).isEmpty();

        users.acknowledgementMood(FeedMood.WELL);
        awaitAcknowledged(deletion);
    }

    @Test
    void getsAnotherTokenWhenItsOwnIsRefused() {
        await().until(() -> users.feedReads() > 0);
        users.dropServiceToken();
        users.append("session.revoked", ann, session);

        awaitStatus(token, 401);
        assertThat(users.tokenRequests()).isEqualTo(2);
    }

    @Test
    void beginsAnewAfterACursorThatIsNotKept() {
        users.append("user.disabled", ann);
        awaitStatus(token, 401);
        service.close();
        users.append("user.enabled", ann);
        users.append("user.enabled", ann);
        users.forgetEvents();
        users.append("user.enabled", ann);

        service = start(Map.of());

        awaitStatus(token, 200);
    }

    @Test
    void goesOnWhereAnotherReplicaWas() {
        users.append("user.disabled", ann);
        awaitStatus(token, 401);
        try (TaskServiceUnderTest replica = start(Map.of())) {
            assertThat(replica.client().get("/v1/tasks").bearer(token).send().status())
                    .isEqualTo(401);
            UUID deletion = users.append("user.deleted", UUID.randomUUID());
            awaitAcknowledged(deletion);
        }
    }

    @Test
    void doesNotFollowWithoutCredentials() {
        try (TaskServiceUnderTest alone = start(Map.of("user-service.token-file", ""))) {
            assertThat(alone.client().get("/v1/tasks").bearer(token).send().status())
                    .isEqualTo(200);
            assertThat(alone.observer()
                            .get("/observe/metrics")
                            .sendUndocumented()
                            .body())
                    .doesNotContain("user_events_lag_seconds");
        }
    }

    private ApiResponse create(String bearer) {
        return service.client()
                .post("/v1/tasks", "{\"title\": \"t\"}")
                .bearer(bearer)
                .send();
    }

    private ApiResponse list(String bearer) {
        return service.client().get("/v1/tasks").bearer(bearer).send();
    }

    private void awaitStatus(String bearer, int status) {
        await().untilAsserted(() -> assertThat(list(bearer).status()).isEqualTo(status));
    }

    private void awaitAcknowledged(UUID deletion) {
        await().untilAsserted(() -> assertThat(users.acknowledged()).contains(deletion));
    }

    private long tasksOf(UUID owner) {
        try (var open = database.open()) {
            return open.read(handle -> handle.createQuery("SELECT count(*) FROM task WHERE creator_id = :owner")
                    .bind("owner", owner)
                    .mapTo(Long.class)
                    .one());
        }
    }

    private double metric(String name) {
        String metrics =
                service.observer().get("/observe/metrics").sendUndocumented().body();
        Matcher matcher =
                Pattern.compile("(?m)^" + name + "(?:\\{[^}]*})? (\\S+)$").matcher(metrics);
        return matcher.find() ? Double.parseDouble(matcher.group(1)) : -1;
    }
}
