// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.kit.json.Json;
import dev.taskplatform.kit.outbound.PatientPeerSettings;
import dev.taskplatform.kit.outbound.PeerClient;
import dev.taskplatform.kit.outbound.PeerSettings;
import dev.taskplatform.kit.outbound.ServiceCredentials;
import dev.taskplatform.kit.outbound.ServiceToken;
import dev.taskplatform.kit.outbound.ServiceTokenException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left to do while the user service cannot be told, and long after. */
@OnEveryDatabase
class EventActionsTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");

    private final UUID owner = UUID.randomUUID();
    private final List<UUID> removed = new ArrayList<>();
    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final DatabaseUnderTest underTest;
    private Database database;
    private PeerClient userService;
    private FollowRepository repository;
    private EventActions actions;

    EventActionsTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @BeforeEach
    void open(@TempDir Path directory) {
        Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
        database = underTest.open();
        repository = new DatabaseFollowRepository(database);
        repository.beginAnew(repository.cursor());
        repository.removals(100).forEach(repository::done);
        PeerSettings nowhere =
                PatientPeerSettings.of("user-service", URI.create("http://127.0.0.1:1"), Duration.ofSeconds(1), 1);
        userService = new PeerClient(nowhere, clock, new Random(1), new SimpleMeterRegistry());
        ServiceCredentials none = new ServiceCredentials.Assertion(directory.resolve("missing"));
        ServiceToken token = new ServiceToken(userService, none, "events", Json.mapper(), clock);
        actions = new EventActions(repository, removed::add, new UserFeed(userService, token, Json.mapper()), clock);
    }

    @AfterEach
    void close() {
        userService.close();
        database.close();
    }

    @Test
    void forgetsNoRemovalThatItCouldNotAcknowledge() {
        takeDeletion();

        assertThatThrownBy(actions::remove).isInstanceOf(ServiceTokenException.class);

        assertThat(removed).containsExactly(owner);
        assertThat(actions.hasRemovals()).isTrue();
    }

    @Test
    void looksOnceMoreForTasksWhenTheLastTokenOfADeletedPersonHasExpired() {
        takeDeletion();

        actions.purge();
        assertThat(removed).doesNotContain(owner);

        now.set(NOON.plus(DatabaseFollowRepository.LONGEST_TOKEN));
        actions.purge();
        assertThat(removed).containsOnlyOnce(owner);
        assertThat(repository.isEnded(owner, Optional.empty())).isFalse();

        actions.purge();
        assertThat(removed).containsOnlyOnce(owner);
    }

    private void takeDeletion() {
        UserEvent deleted = new UserEvent(UUID.randomUUID(), UserEvent.USER_DELETED, NOON, owner, null);
        actions.take(Optional.empty(), new EventPage(List.of(deleted), "next"));
    }
}
