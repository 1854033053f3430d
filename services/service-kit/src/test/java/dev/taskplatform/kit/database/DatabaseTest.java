// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@OnEveryDatabase
class DatabaseTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");

    private final DatabaseUnderTest underTest;
    private Database database;

    DatabaseTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @BeforeEach
    void open() throws Exception {
        database = NoteMigrations.using(underTest::open);
        database.write(handle -> handle.execute("DELETE FROM note"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void keepsIdsTextAndInstantsAsTheyWere() {
        UUID id = UUID.randomUUID();
        database.write(handle -> insert(handle, id, "naïve 🙂", NOON));

        record Note(UUID id, String text, Instant createdAt) {}
        Note note = database.read(handle -> handle.createQuery("SELECT id, text, created_at FROM note WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> new Note(
                        context.findColumnMapperFor(UUID.class).orElseThrow().map(row, "id", context),
                        row.getString("text"),
                        context.findColumnMapperFor(Instant.class).orElseThrow().map(row, "created_at", context)))
                .one());

        assertThat(note).isEqualTo(new Note(id, "naïve 🙂", NOON));
    }

    @Test
    void takesNullsOfEachType() {
        UUID noId = null;
        Instant never = null;
        database.write(handle -> insert(handle, UUID.randomUUID(), "here", NOON));

        int found = database.read(
                handle -> handle.createQuery("SELECT count(*) FROM note WHERE id = :noId OR created_at = :never")
                        .bind("noId", noId)
                        .bind("never", never)
                        .mapTo(Integer.class)
                        .one());

        assertThat(found).isZero();
    }

    @Test
    void undoesAWriteThatThrows() {
        assertThatThrownBy(() -> database.write(handle -> {
                    insert(handle, UUID.randomUUID(), "half done", NOON);
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(count()).isZero();
    }

    @Test
    void joinsTheTransactionOfItsThread() {
        int seen = database.inTransaction(() -> {
            database.write(handle -> insert(handle, UUID.randomUUID(), "first", NOON));
            database.write(handle -> insert(handle, UUID.randomUUID(), "second", NOON));
            return count();
        });

        assertThat(seen).isEqualTo(2);
        assertThat(count()).isEqualTo(2);
    }

    @Test
    void undoesAllThatJoinedATransactionThatThrows() {
        assertThatThrownBy(() -> database.inTransaction(() -> {
                    database.write(handle -> insert(handle, UUID.randomUUID(), "half done", NOON));
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(count()).isZero();
    }

    @Test
    void makesOneTransactionOfWhatIsWrittenTogether() throws Exception {
        Callable<Integer> others = this::count;
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            int seen = database.together(() -> {
                database.write(handle -> insert(handle, UUID.randomUUID(), "first", NOON));
                assertThat(executor.submit(others).get()).as("what others see").isZero();
                database.write(handle -> insert(handle, UUID.randomUUID(), "second", NOON));
                return count();
            });
            assertThat(seen).isEqualTo(2);
        }
        assertThat(count()).isEqualTo(2);
    }

    @Test
    void holdsNoConnectionBeforeTheFirstOfWhatIsWrittenTogether() throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Integer> other = () -> database.write(handle -> insert(handle, UUID.randomUUID(), "other", NOON));
            // SQLite has one connection that writes.
            int rows = database.together(() -> executor.submit(other).get());
            assertThat(rows).isOne();
        }
        assertThat(count()).isOne();
    }

    @Test
    void undoesWhatIsWrittenTogetherWhenItThrows() {
        assertThatThrownBy(() -> database.together(() -> {
                    database.write(handle -> insert(handle, UUID.randomUUID(), "half done", NOON));
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(count()).isZero();
    }

    @Test
    void undoesOnlyTheWriteThatThrowsOfWhatIsWrittenTogether() {
        UUID id = UUID.randomUUID();

        database.together(() -> {
            database.write(handle -> insert(handle, id, "first", NOON));
            assertThatThrownBy(() -> database.write(handle -> {
                        insert(handle, UUID.randomUUID(), "undone", NOON);
                        return insert(handle, id, "again", NOON);
                    }))
                    .isInstanceOf(StatementException.class);
            return database.write(handle -> insert(handle, UUID.randomUUID(), "second", NOON));
        });

        assertThat(count()).isEqualTo(2);
    }

    @Test
    void passesOnFaultsOfAStatement() {
        assertThatThrownBy(() -> database.read(handle -> handle.createQuery("SELECT nothing FROM nowhere")
                        .mapTo(String.class)
                        .list()))
                .isInstanceOf(StatementException.class);
        assertThat(database.isHealthy()).isTrue();
    }

    @Test
    void losesNoWriteOfManyAtOnce() throws Exception {
        int writers = 64;
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Integer>> writes = IntStream.range(0, writers)
                    .<Callable<Integer>>mapToObj(
                            i -> () -> database.write(handle -> insert(handle, UUID.randomUUID(), "note " + i, NOON)))
                    .toList();
            for (Future<Integer> write : executor.invokeAll(writes)) {
                assertThat(write.get()).isOne();
            }
        }

        assertThat(count()).isEqualTo(writers);
    }

    @Test
    void keepsItsRowsWhenOpenedAgain() throws Exception {
        database.write(handle -> insert(handle, UUID.randomUUID(), "kept", NOON));
        database.close();

        database = NoteMigrations.using(underTest::open);

        assertThat(count()).isOne();
    }

    @Test
    void opensTwiceAtOnceAsTwoReplicasDo() throws Exception {
        try (Database other = NoteMigrations.using(underTest::open)) {
            database.write(handle -> insert(handle, UUID.randomUUID(), "seen by both", NOON));

            assertThat(count(other)).isOne();
        }
    }

    private int count() {
        return count(database);
    }

    private static int count(Database database) {
        return database.read(handle -> handle.createQuery("SELECT count(*) FROM note")
                .mapTo(Integer.class)
                .one());
    }

    private static int insert(Handle handle, UUID id, String text, Instant createdAt) {
        return handle.createUpdate("INSERT INTO note (id, text, created_at) VALUES (:id, :text, :createdAt)")
                .bind("id", id)
                .bind("text", text)
                .bind("createdAt", createdAt)
                .execute();
    }
}
