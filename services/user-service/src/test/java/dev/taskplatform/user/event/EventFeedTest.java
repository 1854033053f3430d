// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.kit.id.UuidGenerator;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every database must do for those who follow events. */
@OnEveryDatabase
class EventFeedTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");
    private static final Duration RETENTION = Duration.ofDays(30);
    private static final int WRITERS = 8;
    private static final int EVENTS_OF_EACH = 40;
    private static final int SOME_FAIL = 5;

    private final DatabaseUnderTest underTest;
    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private Database database;
    private EventOutbox outbox;
    private EventRepository repository;
    private EventWatch watch;
    private EventFeed feed;

    EventFeedTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @BeforeEach
    void open() {
        database = underTest.open();
        database.write(handle -> handle.execute("DELETE FROM event"));
        outbox = outbox(database);
        repository = new DatabaseEventRepository(database);
        watch = EventWatch.start(repository::last);
        feed = new EventFeed(repository, watch, () -> new EventSettings(RETENTION), clock());
    }

    @AfterEach
    void close() {
        watch.close();
        database.close();
    }

    @Test
    void skipsNothingThatReplicasCommitAtOnce() throws Exception {
        long start = repository.last();
        Set<UUID> committed = new HashSet<>();
        List<PublishedEvent> seen = new ArrayList<>();
        try (Database other = underTest.open();
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Set<UUID>>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                Database own = i % 2 == 0 ? database : other;
                writers.add(executor.submit(() -> write(own)));
            }
            Callable<List<PublishedEvent>> follow = () -> follow(start, writers);
            Future<List<PublishedEvent>> follower = executor.submit(follow);
            for (Future<Set<UUID>> writer : writers) {
                committed.addAll(writer.get());
            }
            seen.addAll(follower.get());
        }
        assertThat(seen)
                .extracting(PublishedEvent::position)
                .containsExactlyElementsOf(LongStream.rangeClosed(start + 1, start + committed.size())
                        .boxed()
                        .toList());
        assertThat(seen).extracting(PublishedEvent::userId).containsExactlyInAnyOrderElementsOf(committed);
    }

    /** Writes events, some in transactions that come to nothing. */
    private Set<UUID> write(Database own) {
        EventOutbox ownOutbox = outbox(own);
        Set<UUID> committed = new HashSet<>();
        for (int i = 0; i < EVENTS_OF_EACH; i++) {
            UUID user = UUID.randomUUID();
            boolean fails = i % SOME_FAIL == 0;
            try {
                own.inTransaction(() -> {
                    ownOutbox.append(UserEvent.ofAccount(UserEvent.Type.USER_DISABLED, user));
                    if (fails) {
                        throw new IllegalStateException("undone");
                    }
                    return user;
                });
                committed.add(user);
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("undone");
            }
        }
        return committed;
    }

    private List<PublishedEvent> follow(long start, List<Future<Set<UUID>>> writers) throws Exception {
        List<PublishedEvent> seen = new ArrayList<>();
        long position = start;
        boolean more = true;
        while (more) {
            boolean written = writers.stream().allMatch(Future::isDone);
            EventFeed.Part part = feed.read(Optional.of(position), 7, Duration.ZERO);
            seen.addAll(part.events());
            position = part.position();
            more = !written || !part.events().isEmpty();
        }
        return seen;
    }

    @Test
    void wakesWhoWaitsWhenAnotherReplicaAppends() throws Exception {
        long start = repository.last();
        Callable<EventFeed.Part> wait = () -> feed.read(Optional.of(start), 10, Duration.ofSeconds(30));
        try (Database other = underTest.open();
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<EventFeed.Part>> waiting = new ArrayList<>();
            // More than there are connections.
            for (int i = 0; i < 50; i++) {
                waiting.add(executor.submit(wait));
            }
            append(outbox(other));
            for (Future<EventFeed.Part> part : waiting) {
                assertThat(part.get().events()).hasSize(1);
            }
        }
    }

    @Test
    void waitsNoLongerThanItIsTold() throws Exception {
        assertThat(feed.read(Optional.empty(), 10, Duration.ofMillis(300)).events())
                .isEmpty();
    }

    @Test
    void keepsEventsUntilTheirTimeIsOver() throws Exception {
        long start = repository.last();
        append(outbox);
        now.set(NOON.plusSeconds(60));
        append(outbox);
        now.set(NOON.plus(RETENTION));
        feed.purge();
        assertThat(feed.read(Optional.of(start), 10, Duration.ZERO).events()).hasSize(2);

        now.set(NOON.plus(RETENTION).plusNanos(1000));
        feed.purge();
        assertThatThrownBy(() -> feed.read(Optional.of(start), 10, Duration.ZERO))
                .isInstanceOf(CursorExpiredException.class);
        assertThat(feed.read(Optional.of(start + 1), 10, Duration.ZERO).events())
                .hasSize(1);
        assertThat(feed.read(Optional.empty(), 10, Duration.ZERO).events()).hasSize(1);

        now.set(NOON.plus(RETENTION).plus(RETENTION));
        feed.purge();
        assertThat(feed.read(Optional.of(start + 2), 10, Duration.ZERO).events())
                .isEmpty();
        assertThatThrownBy(() -> feed.read(Optional.of(start + 1), 10, Duration.ZERO))
                .isInstanceOf(CursorExpiredException.class);
    }

    @Test
    void leavesNoGapWhenAClockWasWrong() throws Exception {
        long start = repository.last();
        append(outbox);
        now.set(NOON.minus(RETENTION));
        append(outbox);
        now.set(NOON.plusSeconds(1));
        feed.purge();

        assertThat(feed.read(Optional.of(start), 10, Duration.ZERO).events()).hasSize(2);
    }

    @Test
    void knowsACursorOfALostFuture() {
        append(outbox);
        long beyond = repository.last() + 1;

        assertThatThrownBy(() -> feed.read(Optional.of(beyond), 10, Duration.ZERO))
                .isInstanceOf(CursorExpiredException.class);
    }

    private EventOutbox outbox(Database own) {
        return new DatabaseEventOutbox(own, new UuidGenerator(Clock.systemUTC(), new SecureRandom()), clock());
    }

    private static void append(EventOutbox outbox) {
        outbox.append(UserEvent.ofAccount(UserEvent.Type.USER_DISABLED, UUID.randomUUID()));
    }

    private Clock clock() {
        InstantSource source = now::get;
        return source.withZone(ZoneOffset.UTC);
    }
}
