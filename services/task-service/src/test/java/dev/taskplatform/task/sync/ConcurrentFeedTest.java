// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.DatabaseUnderTest.Kind;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.kit.json.Json;
import dev.taskplatform.task.change.ChangeClock;
import dev.taskplatform.task.change.DatabaseChangeLog;
import dev.taskplatform.task.change.EntityKind;
import dev.taskplatform.task.list.DatabaseListRepository;
import dev.taskplatform.task.list.TaskList;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A token never passes a transaction that ends later, which a sequence would. */
@OnEveryDatabase
class ConcurrentFeedTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final UUID user = UUID.randomUUID();
    private final DatabaseUnderTest underTest;
    private Database database;
    private DatabaseChangeLog changes;
    private FeedRepository feed;

    ConcurrentFeedTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @BeforeEach
    void open() {
        database = underTest.open();
        ChangeClock positions = new ChangeClock(database);
        changes = new DatabaseChangeLog(database, positions);
        feed = new FeedRepository(database, Json.mapper());
        new DatabaseListRepository(database, positions).add(new TaskList(user, "Inbox", true, 1, NOW, NOW), user);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void waitsForATransactionThatBeganBeforeAndEndsAfter() throws Exception {
        assumeThat(underTest.kind()).as("SQLite has one writer at a time").isEqualTo(Kind.POSTGRES);
        UUID slow = UUID.randomUUID();
        UUID fast = UUID.randomUUID();
        FeedToken start = end();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> writing = executor.submit(() -> database.write(handle -> {
                changes.changed(user, EntityKind.TASK, slow, NOW);
                begun.countDown();
                finish.await();
                return null;
            }));
            begun.await();
            changes.changed(user, EntityKind.TASK, fast, NOW);
            // The fast one has the later position: told now, its token would pass the slow one.
            assertThat(after(start, 10)).isEmpty();
            finish.countDown();
            writing.get();
        }
        assertThat(after(start, 10)).extracting(ChangeRow::id).containsExactly(slow, fast);
    }

    /** Readers that go on from their tokens, while many write, get everything in the end. */
    @Test
    void missesNothingOfManyWriters() throws Exception {
        List<UUID> written = new ArrayList<>();
        AtomicBoolean done = new AtomicBoolean();
        FeedToken start = end();
        // Not virtual ones: a reader of SQLite never waits, and would keep its processor from the writers.
        try (ExecutorService executor =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            Future<List<UUID>> reading = executor.submit(() -> {
                List<UUID> read = new ArrayList<>();
                FeedToken place = start;
                boolean isLast;
                do {
                    isLast = done.get();
                    List<ChangeRow> rows = after(place, 7);
                    for (ChangeRow row : rows) {
                        read.add(row.id());
                        place = FeedToken.after(row, NOW);
                    }
                    isLast &= rows.isEmpty();
                } while (!isLast);
                return read;
            });
            List<Callable<List<UUID>>> writers = new ArrayList<>();
            for (int writer = 0; writer < 8; writer++) {
                Random random = new Random(writer);
                writers.add(() -> {
                    List<UUID> mine = new ArrayList<>();
                    for (int i = 0; i < 40; i++) {
                        database.write(handle -> {
                            for (int j = random.nextInt(3); j >= 0; j--) {
                                UUID id = UUID.randomUUID();
                                changes.changed(user, EntityKind.TASK, id, NOW);
                                mine.add(id);
                                Thread.yield();
                            }
                            return null;
                        });
                    }
                    return mine;
                });
            }
            try {
                for (Future<List<UUID>> one : executor.invokeAll(writers)) {
                    written.addAll(one.get());
                }
            } finally {
                // Also when a writer fails: the reader would else never end, and nobody learn why.
                done.set(true);
            }
            assertThat(reading.get()).containsExactlyInAnyOrderElementsOf(written);
        }
    }

    @Test
    void goesOnWhereAServerCountsAnew() {
        assumeThat(underTest.kind()).isEqualTo(Kind.POSTGRES);
        // As after a restore on a server that has made fewer transactions.
        database.write(handle -> handle.execute("UPDATE change SET position = position + 1000000000"));
        FeedToken place = end();
        database.close();

        open();
        UUID later = UUID.randomUUID();
        changes.changed(user, EntityKind.TASK, later, NOW);
        assertThat(after(place, 10)).extracting(ChangeRow::id).contains(later);
    }

    private List<ChangeRow> after(FeedToken place, int limit) {
        return feed.after(user, place, feed.horizon(), limit);
    }

    private FeedToken end() {
        List<ChangeRow> all = after(FeedToken.start(NOW), 10_000);
        return all.isEmpty() ? FeedToken.start(NOW) : FeedToken.after(all.getLast(), NOW);
    }
}
