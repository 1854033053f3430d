// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.taskplatform.kit.database.DatabaseSettings;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.RunningPostgres;
import dev.taskplatform.kit.database.WholeDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** From SQLite to PostgreSQL: every type, every kind of reference, and whatever may be in the way. */
class CopyTest {
    private static final String ID = "0198c0de-0000-7000-8000-00000000000";

    @RegisterExtension
    static final RunningPostgres SERVER = new RunningPostgres();

    @TempDir
    private Path directory;

    private CommandsUnderTest commands;
    private DatabaseUnderTest postgres;
    private Path source;
    private Connection target;

    @BeforeEach
    void prepare() throws Exception {
        commands = new CommandsUnderTest(directory);
        source = commands.database();
        postgres = SERVER.get().newDatabase();
        commands.settings(postgres.settings()).variable("COPY_SOURCE_PATH", source.toString());
        target = WholeDatabase.of(new DatabaseSettings.Postgres(
                        Path.of(postgres.settings().get("database.postgres.secret-dir")),
                        postgres.settings().get("database.postgres.schema"),
                        1))
                .connect();
    }

    @AfterEach
    void cleanUp() throws Exception {
        target.close();
        postgres.close();
    }

    @Test
    void copiesValuesOfEveryType() throws Exception {
        try (Thing thing = Thing.open(source)) {
            thing.execute("INSERT INTO zone (code) VALUES ('a'), ('Z'), ('ä')");
            thing.execute("""
                    INSERT INTO kinds (id, yes, small, large, real, text, bytes, instant, json, parent, zone) VALUES
                    ('%1$s1', 1, -32768, 9223372036854775807, 0.1, 'ä''\\ 😀', x'00ff10', 1772366400123456,
                        '{"b": [1, 2.50, true, null], "a": {"y": 1e2, "x": "\\u00e4"}}', '%1$s2', 'ä'),
                    ('%1$s2', 0, 32767, -9223372036854775808, -1e300, '', x'', -1, '[]', '%1$s2', NULL),
                    ('%1$s3', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
                    """.formatted(ID));
        }

        Result result = commands.run("copy");

        assertThat(result.rows()).isEqualTo(7);
        assertThat(result.tables()).isEqualTo(10);
        assertThat(result.backup()).isEmpty();
        assertThat(result.schemaVersion()).isEqualTo("2");
        assertThat(ask("SELECT (yes, small, large, text, encode(bytes, 'hex'), zone)::text FROM kinds WHERE id = '" + ID
                        + "1'"))
                .isEqualTo("(t,-32768,9223372036854775807,\"ä'\\\\ 😀\",00ff10,ä)");
        assertThat(ask("SELECT real = 0.1::double precision FROM kinds WHERE id = '" + ID + "1'"))
                .isEqualTo("t");
        assertThat(ask("SELECT json #>> '{a,x}' FROM kinds WHERE id = '" + ID + "1'"))
                .isEqualTo("ä");
        assertThat(ask("SELECT instant = '2026-03-01 12:00:00.123456Z' FROM kinds WHERE id = '" + ID + "1'"))
                .isEqualTo("t");
        assertThat(ask("SELECT instant = '1969-12-31 23:59:59.999999Z' FROM kinds WHERE id = '" + ID + "2'"))
                .isEqualTo("t");
        assertThat(ask("SELECT num_nulls(yes, small, large, real, text, bytes, instant, json, parent, zone) FROM kinds "
                        + "WHERE id = '" + ID + "3'"))
                .isEqualTo("10");
        assertThat(ask("SELECT source_sha256 FROM data_copy")).isEqualTo(result.sha256());
    }

    @Test
    void computesWhatIsGenerated() throws Exception {
        try (Thing thing = Thing.open(source)) {
            thing.add("two words");
        }

        commands.run("copy");

        assertThat(ask("SELECT count(*) FROM left_half WHERE words @@ to_tsquery('simple', 'words')"))
                .isEqualTo("1");
    }

    @Test
    void goesOnNumberingAfterWhatIsGone() throws Exception {
        try (Thing thing = Thing.open(source)) {
            thing.execute("INSERT INTO counted (text) VALUES ('one'), ('two'), ('three')");
            thing.execute("DELETE FROM counted WHERE text <> 'one'");
        }

        commands.run("copy");

        assertThat(ask("INSERT INTO counted (text) VALUES ('four') RETURNING seq"))
                .isEqualTo("4");
    }

    @Test
    void numbersFromOneWhereNothingWas() throws Exception {
        Thing.open(source).close();

        commands.run("copy");

        assertThat(ask("INSERT INTO counted (text) VALUES ('one') RETURNING seq"))
                .isEqualTo("1");
    }

    @Test
    void copiesTablesThatReferToEachOther() throws Exception {
        try (Thing thing = Thing.open(source)) {
            thing.execute("BEGIN");
            thing.execute("INSERT INTO alpha (id, beta) VALUES ('a', 'b')");
            thing.execute("INSERT INTO beta (id, alpha) VALUES ('b', 'a')");
            thing.execute("COMMIT");
        }

        commands.run("copy");

        assertThat(ask("SELECT beta FROM alpha")).isEqualTo("b");
        assertThat(ask("SELECT count(*) FROM pg_constraint WHERE condeferrable AND contype = 'f'"))
                .as("references as the migrations made them")
                .isEqualTo("0");
    }

    @Test
    void copiesRowsWithoutKeyAndThoseOfTheMigrations() throws Exception {
        try (Thing thing = Thing.open(source)) {
            thing.execute(
                    "INSERT INTO loose (text, value) VALUES ('b', 2), ('b', 2), (NULL, 1), ('ä', NULL), ('Z', 1), ('a', 1)");
            thing.execute("UPDATE counter SET last = 41");
            thing.execute("INSERT INTO audit (id, what) VALUES ('1', 'happened')");
        }

        commands.run("copy");

        assertThat(ask("SELECT count(*) FROM loose")).isEqualTo("6");
        assertThat(ask("SELECT string_agg(last::text, ',') FROM counter")).isEqualTo("41");
        assertThat(ask("SELECT what FROM audit")).isEqualTo("happened");
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> ask("UPDATE audit SET what = 'did not' RETURNING 1"))
                .withMessageContaining("never changed");
    }

    @Test
    void copiesMoreThanFitsIntoOneBatch() throws Exception {
        try (Thing thing = Thing.open(source)) {
            thing.execute("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) "
                    + "INSERT INTO loose (text, value) SELECT 'text ' || i, i FROM n");
        }

        commands.run("copy");

        assertThat(ask("SELECT count(DISTINCT text) FROM loose")).isEqualTo("1500");
    }

    @Test
    void bringsAnOlderSourceUpToDate() throws Exception {
        Files.createDirectories(source.getParent());
        ThingMigrations.using(() -> Flyway.configure(Thread.currentThread().getContextClassLoader())
                .dataSource("jdbc:sqlite:" + source, null, null)
                .locations("classpath:db/migration/sqlite")
                .target("1")
                .load()
                .migrate());

        assertThat(commands.run("copy").schemaVersion()).isEqualTo("2");
    }

    @Test
    void isDoneOnce() throws Exception {
        try (Thing thing = Thing.open(source)) {
            thing.add("one");
        }
        Result copied = commands.run("copy");
        // The service has begun to use it.
        ask("INSERT INTO right_half (id) VALUES ('" + ID + "1') RETURNING 1");
        String at = ask("SELECT copied_at FROM data_copy");
        commands.pass(Duration.ofHours(1));

        assertThat(commands.run("copy")).isEqualTo(copied);
        assertThat(ask("SELECT count(*) FROM right_half")).isEqualTo("2");
        assertThat(ask("SELECT copied_at FROM data_copy")).isEqualTo(at);
    }

    @Test
    void refusesToCopyAnotherStateOverTheFirst() throws Exception {
        try (Thing thing = Thing.open(source)) {
            thing.add("one");
        }
        commands.run("copy");
        try (Thing thing = Thing.open(source)) {
            thing.add("two");
        }

        refused("was filled at 2026-03-01T12:00:00Z", "drop the schema");
        assertThat(ask("SELECT count(*) FROM left_half")).isEqualTo("1");
    }

    @Test
    void refusesATargetWithData() throws Exception {
        try (Thing thing = Thing.open(source)) {
            thing.add("one");
        }
        migrateTarget();
        ask("INSERT INTO zone (code) VALUES ('x') RETURNING 1");

        refused("already has data (in the table zone)", "nothing is overwritten", "drop the schema");
        assertThat(ask("SELECT count(*) FROM left_half")).isEqualTo("0");
        assertThat(ask("SELECT to_regclass('data_copy') IS NULL")).isEqualTo("t");
    }

    @Test
    void refusesATargetWhoseOwnRowsHaveChanged() throws Exception {
        Thing.open(source).close();
        migrateTarget();
        ask("UPDATE counter SET last = 1 RETURNING 1");

        refused("already has data (in the table counter)");
    }

    @Test
    void takesATargetThatAnUnfinishedCopyMigrated() throws Exception {
        try (Thing thing = Thing.open(source)) {
            thing.add("one");
        }
        migrateTarget();

        commands.run("copy");

        assertThat(ask("SELECT count(*) FROM left_half")).isEqualTo("1");
    }

    @Test
    void refusesTablesThatPostgresLacks() throws Exception {
        try (Thing thing = Thing.open(source)) {
            thing.execute("CREATE TABLE later (id TEXT)");
        }

        refused("PostgreSQL has no table later");
    }

    @Test
    void refusesColumnsThatPostgresLacks() throws Exception {
        try (Thing thing = Thing.open(source)) {
            thing.execute("ALTER TABLE zone ADD COLUMN later TEXT");
        }

        refused("The table zone of PostgreSQL has no column later");
    }

    @Test
    void refusesColumnsThatSqliteLacks() throws Exception {
        Thing.open(source).close();
        migrateTarget();
        ask("ALTER TABLE zone ADD COLUMN later text; SELECT 1");

        refused("The table zone of SQLite lacks [later]");
    }

    @Test
    void refusesTypesThatItDoesNotKnow() throws Exception {
        Thing.open(source).close();
        migrateTarget();
        ask("ALTER TABLE counter ALTER COLUMN last TYPE numeric; SELECT 1");

        refused("counter.last has the type numeric");
    }

    @Test
    void refusesValuesThatPostgresCantHaveAndShowsNone() throws Exception {
        try (Thing thing = Thing.open(source)) {
            thing.execute("INSERT INTO kinds (id, text) VALUES ('no uuid', 'private')");
        }
        refused("kinds.id holds a value in SQLite that is no UUID");

        try (Thing thing = Thing.open(source)) {
            thing.execute("DELETE FROM kinds");
            thing.execute("INSERT INTO kinds (id, text) VALUES ('" + ID + "1', 'private' || char(0))");
        }
        refused("failed, and nothing of it is there", "0x00");

        try (Thing thing = Thing.open(source)) {
            thing.execute("DELETE FROM kinds");
            thing.execute("INSERT INTO kinds (id, small, text) VALUES ('" + ID + "1', 40000, 'private')");
        }
        refused("failed, and nothing of it is there", "smallint");

        try (Thing thing = Thing.open(source)) {
            thing.execute("DELETE FROM kinds");
            thing.execute("INSERT INTO zone (code) VALUES ('private, and too long')");
        }
        refused("failed, and nothing of it is there", "too long");

        try (Thing thing = Thing.open(source)) {
            thing.execute("DELETE FROM zone");
            thing.execute("PRAGMA foreign_keys = OFF");
            thing.execute("INSERT INTO beta (id, alpha) VALUES ('private', 'missing')");
        }
        refused("failed, and nothing of it is there", "foreign key");
        assertThat(ask("SELECT count(*) FROM kinds")).isEqualTo("0");
    }

    @Test
    void refusesNewerSchemas() throws Exception {
        try (Thing thing = Thing.open(source)) {
            thing.execute("UPDATE flyway_schema_history SET version = '7' WHERE version = '2'");
        }

        refused("is of the schema version 7", "knows up to 2");
        assertThat(ask("SELECT to_regclass('kinds') IS NULL")).isEqualTo("t");

        Thing.ask(source, "UPDATE flyway_schema_history SET version = '2' WHERE version = '7' RETURNING 1");
        migrateTarget();
        ask("UPDATE flyway_schema_history SET version = '8' WHERE version = '2' RETURNING 1");
        refused("is of the schema version 8");
    }

    @Test
    void waitsForTheServiceToStop() throws Exception {
        try (Thing running = Thing.open(source)) {
            running.add("one");

            assertThatExceptionOfType(DataException.class)
                    .isThrownBy(() -> commands.run("copy"))
                    .isNotInstanceOf(RefusedException.class)
                    .withMessageContainingAll(source.toString(), "in use", "stop the service");

            running.add("two");
        }
        assertThat(commands.run("copy").rows()).isEqualTo(5);
    }

    @Test
    void takesOverWhatAKilledServiceLeftInItsJournal() throws Exception {
        Path copy = directory.resolve("killed").resolve("thing.db");
        Files.createDirectories(copy.getParent());
        try (Thing running = Thing.open(source)) {
            running.add("one");
            for (String suffix : new String[] {"", "-wal"}) {
                Files.copy(Path.of(source + suffix), Path.of(copy + suffix));
            }
        }
        commands.variable("COPY_SOURCE_PATH", copy.toString()).run("copy");

        assertThat(ask("SELECT text FROM left_half")).isEqualTo("one");
    }

    @Test
    void needsASourceAndATarget() throws Exception {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> commands.run("copy"))
                .withMessageContaining("There is no database at " + source);

        postgres.writeSecret("username", "nobody");
        Thing.open(source).close();
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> commands.run("copy"))
                .isNotInstanceOf(RefusedException.class)
                .withMessageContainingAll("\"nobody\" does not exist", "correct the Secret");

        commands.settings(Map.of("database.kind", "embedded"));
        refused("database.kind");
    }

    private void migrateTarget() throws Exception {
        ThingMigrations.using(() -> {
            WholeDatabase.of(new DatabaseSettings.Postgres(
                            Path.of(postgres.settings().get("database.postgres.secret-dir")),
                            postgres.settings().get("database.postgres.schema"),
                            1))
                    .migrate();
            return null;
        });
    }

    private void refused(String... parts) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> commands.run("copy"))
                .withMessageContainingAll(parts)
                .withMessageNotContaining("private");
    }

    /** The one value that a query has. */
    private String ask(String sql) throws SQLException {
        try (Statement statement = target.createStatement()) {
            statement.execute(sql);
            while (statement.getResultSet() == null) {
                statement.getMoreResults();
            }
            try (ResultSet row = statement.getResultSet()) {
                row.next();
                return row.getString(1);
            }
        }
    }
}
