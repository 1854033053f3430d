// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What SQLite's file promises and what happens when it can't keep it. */
class SqliteFileTest {
    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = directory.resolve("made").resolve("service.db");
    }

    @Test
    void isForItsOwnerOnly() throws Exception {
        try (Database database = open();
                Stream<Path> files = Files.list(file.getParent())) {
            database.write(SqliteFileTest::insert);

            assertThat(files)
                    .hasSizeGreaterThan(1)
                    .allSatisfy(each -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void isWrittenToTheDiskBeforeAWriteReturns() throws Exception {
        try (Database database = open()) {
            assertThat(database.<String, RuntimeException>write(handle -> pragma(handle, "journal_mode")))
                    .isEqualTo("wal");
            // 2 is FULL.
            assertThat(database.<String, RuntimeException>write(handle -> pragma(handle, "synchronous")))
                    .isEqualTo("2");
            assertThat(database.<String, RuntimeException>write(handle -> pragma(handle, "foreign_keys")))
                    .isEqualTo("1");
        }
    }

    @Test
    void isNotWrittenByReading() throws Exception {
        try (Database database = open()) {
            assertThatThrownBy(() -> database.read(SqliteFileTest::insert))
                    .isInstanceOfAny(JdbiException.class, DatabaseUnavailableException.class)
                    .hasMessageContaining("readonly");
        }
    }

    @Test
    void isReadWhileItIsWritten() throws Exception {
        try (Database database = open();
                ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
            int seen = database.write(handle -> {
                insert(handle);
                return others.submit(() -> count(database)).get();
            });

            assertThat(seen).isZero();
            assertThat(count(database)).isOne();
        }
    }

    @Test
    void turnsAwayAWriterThatWaitsTooLong() throws Exception {
        CountDownLatch holding = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        try (Database database = open();
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> first = executor.submit(() -> database.write(handle -> {
                holding.countDown();
                done.await();
                return insert(handle);
            }));
            holding.await();

            assertThatThrownBy(() -> database.write(SqliteFileTest::insert))
                    .isInstanceOf(DatabaseUnavailableException.class);

            done.countDown();
            assertThat(first.get()).isOne();
            assertThat(database.<Integer, RuntimeException>write(SqliteFileTest::insert))
                    .isOne();
        }
    }

    @Test
    void turnsAwayAWriterWhileAnotherProcessWrites() throws Exception {
        try (Database database = open();
                Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");

            assertThatThrownBy(() -> database.write(SqliteFileTest::insert))
                    .isInstanceOf(DatabaseUnavailableException.class);
            assertThat(count(database)).isZero();

            statement.execute("ROLLBACK");
            assertThat(database.<Integer, RuntimeException>write(SqliteFileTest::insert))
                    .isOne();
        }
    }

    @Test
    void turnsAwayWritersWhenItIsFull() throws Exception {
        try (Database database = open()) {
            database.write(handle -> pragma(handle, "max_page_count = 1"));

            assertThatThrownBy(() -> {
                        while (true) {
                            database.write(
                                    handle -> handle.execute(
                                            "INSERT INTO note (id, text, created_at) VALUES (hex(randomblob(16)), hex(zeroblob(9999)), 0)"));
                        }
                    })
                    .isInstanceOf(DatabaseUnavailableException.class)
                    .hasMessageContaining("full");
            assertThat(database.isHealthy()).isTrue();

            database.write(handle -> pragma(handle, "max_page_count = 100000"));
            assertThat(database.<Integer, RuntimeException>write(SqliteFileTest::insert))
                    .isOne();
        }
    }

    @Test
    void mustBeSomewhereThatCanBeWritten() throws Exception {
        Files.writeString(file.getParent(), "not a directory");

        assertThatThrownBy(this::open)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("database.embedded.path", file.toString());
    }

    @Test
    void mustNotHoldAnothersTables() throws Exception {
        Files.createDirectories(file.getParent());
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement()) {
            statement.execute("CREATE TABLE note (something TEXT)");
        }

        assertThatThrownBy(this::open).isInstanceOf(IllegalStateException.class).hasMessageContaining(file.toString());
    }

    private Database open() throws Exception {
        return NoteMigrations.using(() -> Database.open(new DatabaseSettings.Embedded(file)));
    }

    private static int insert(Handle handle) {
        return handle.execute("INSERT INTO note (id, text, created_at) VALUES (hex(randomblob(16)), 'text', 0)");
    }

    private static String pragma(Handle handle, String pragma) {
        return handle.createQuery("PRAGMA " + pragma).mapTo(String.class).one();
    }

    private static int count(Database database) {
        return database.read(handle -> handle.createQuery("SELECT count(*) FROM note")
                .mapTo(Integer.class)
                .one());
    }
}
