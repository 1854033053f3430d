// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.OnEveryDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What following relies on, whatever the database. */
@OnEveryDatabase
class FollowRepositoryTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");
    private static final Instant LONG_AFTER = NOON.plus(DatabaseFollowRepository.LONGEST_TOKEN);
    private static final Optional<String> START = Optional.empty();
    private static final int REPLICAS = 4;

    private final UUID user = UUID.randomUUID();
    private final UUID session = UUID.randomUUID();
    private final DatabaseUnderTest underTest;
    private Database database;
    private FollowRepository repository;

    FollowRepositoryTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @BeforeEach
    void open() {
        database = underTest.open();
        repository = new DatabaseFollowRepository(database);
        repository.beginAnew(repository.cursor());
        repository.removals(100).forEach(repository::done);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void beginsWithoutACursorAndKeepsWhereItWas() {
        assertThat(repository.cursor()).isEmpty();

        assertThat(take(START, "a")).isTrue();
        assertThat(take(Optional.of("a"), "b")).isTrue();

        try (Database again = underTest.open()) {
            assertThat(new DatabaseFollowRepository(again).cursor()).contains("b");
        }
    }

    @Test
    void beginsAnewOnlyFromTheCursorThatWasRefused() {
        take(START, "a");

        assertThat(repository.beginAnew(Optional.of("another"))).isFalse();
        assertThat(repository.cursor()).contains("a");
        assertThat(repository.beginAnew(Optional.of("a"))).isTrue();
        assertThat(repository.cursor()).isEmpty();
    }

    @Test
    void refusesASessionAndNoOtherOfThePerson() {
        take(START, "a", event(UserEvent.SESSION_REVOKED, session));

        assertThat(repository.isEnded(user, Optional.of(session))).isTrue();
        assertThat(repository.isEnded(user, Optional.of(UUID.randomUUID()))).isFalse();
        assertThat(repository.isEnded(user, Optional.empty())).isFalse();
        assertThat(repository.isEnded(UUID.randomUUID(), Optional.empty())).isFalse();
    }

    @Test
    void refusesADisabledPersonUntilTheyAreEnabled() {
        take(START, "a", event(UserEvent.USER_DISABLED, null));
        assertThat(repository.isEnded(user, Optional.of(session))).isTrue();

        take(Optional.of("a"), "b", event(UserEvent.USER_ENABLED, null));
        assertThat(repository.isEnded(user, Optional.of(session))).isFalse();
    }

    @Test
    void enablesNeitherEndedSessionsNorDeletedPersons() {
        UserEvent deleted = event(UserEvent.USER_DELETED, null);
        take(
                START,
                "a",
                event(UserEvent.SESSION_REVOKED, session),
                deleted,
                event(UserEvent.USER_DISABLED, null),
                event(UserEvent.USER_ENABLED, null));

        assertThat(repository.isEnded(user, Optional.empty())).isTrue();
        assertThat(repository.isEnded(UUID.randomUUID(), Optional.of(session))).isTrue();
    }

    @Test
    void takesNothingOfAPageThatAnotherReplicaTookIn() {
        take(START, "b", event(UserEvent.USER_DISABLED, null), event(UserEvent.USER_ENABLED, null));

        assertThat(take(START, "a", event(UserEvent.USER_DISABLED, null))).isFalse();

        assertThat(repository.cursor()).contains("b");
        assertThat(repository.isEnded(user, Optional.empty())).isFalse();
    }

    @Test
    void oneOfManyReplicasTakesAPageIn() throws Exception {
        CyclicBarrier together = new CyclicBarrier(REPLICAS);
        List<Database> replicas = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> attempts = new ArrayList<>();
            for (int i = 0; i < REPLICAS; i++) {
                Database replica = underTest.open();
                replicas.add(replica);
                String next = "replica " + i;
                attempts.add(() -> {
                    together.await();
                    return new DatabaseFollowRepository(replica).take(START, new EventPage(List.of(), next), NOON);
                });
            }
            int winners = 0;
            for (Future<Boolean> attempt : executor.invokeAll(attempts)) {
                winners += attempt.get() ? 1 : 0;
            }
            assertThat(winners).isOne();
        } finally {
            replicas.forEach(Database::close);
        }
    }

    @Test
    void remembersRemovalsUntilTheyAreDone() {
        UserEvent deleted = event(UserEvent.USER_DELETED, null);
        take(START, "a", deleted);
        // Read again after it began anew.
        repository.beginAnew(Optional.of("a"));
        take(START, "a", deleted);

        Removal removal = new Removal(deleted.id(), user);
        assertThat(repository.removals(10)).containsExactly(removal);
        repository.done(removal);
        assertThat(repository.removals(10)).isEmpty();
    }

    @Test
    void takesInNoEndsWhoseTokensHaveExpiredExceptOfDeletedPersons() {
        UUID deleted = UUID.randomUUID();
        EventPage page = new EventPage(
                List.of(
                        event(UserEvent.SESSION_REVOKED, session),
                        event(UserEvent.USER_DISABLED, null),
                        new UserEvent(UUID.randomUUID(), UserEvent.USER_DELETED, NOON, deleted, null),
                        event("user.renamed", null)),
                "a");
        repository.take(START, page, LONG_AFTER);

        assertThat(repository.isEnded(user, Optional.of(session))).isFalse();
        assertThat(repository.removals(10)).extracting(Removal::owner).containsExactly(deleted);
        assertThat(repository.expiredOwners(LONG_AFTER, 1_000)).contains(deleted);
    }

    @Test
    void forgetsEndsWhenTheirTokensHaveExpired() {
        UUID deleted = UUID.randomUUID();
        take(
                START,
                "a",
                event(UserEvent.SESSION_REVOKED, session),
                new UserEvent(UUID.randomUUID(), UserEvent.USER_DELETED, NOON, deleted, null));

        repository.purge(LONG_AFTER.minusMillis(1));
        assertThat(repository.isEnded(user, Optional.of(session))).isTrue();
        assertThat(repository.expiredOwners(LONG_AFTER.minusMillis(1), 1_000)).doesNotContain(deleted);

        repository.purge(LONG_AFTER);
        assertThat(repository.isEnded(user, Optional.of(session))).isFalse();
        assertThat(repository.expiredOwners(LONG_AFTER, 1_000)).contains(deleted);

        repository.forget(deleted);
        assertThat(repository.expiredOwners(LONG_AFTER, 1_000)).doesNotContain(deleted);
        assertThat(repository.isEnded(deleted, Optional.empty())).isFalse();
    }

    private boolean take(Optional<String> expected, String next, UserEvent... events) {
        return repository.take(expected, new EventPage(List.of(events), next), NOON);
    }

    private UserEvent event(String type, UUID sessionId) {
        return new UserEvent(UUID.randomUUID(), type, NOON, user, sessionId);
    }
}
