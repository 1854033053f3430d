// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.OpenApiContract;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.DatabaseUnderTest.Kind;
import dev.taskplatform.kit.database.OnEveryDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;

/**
 * Writes what {@link ReleasedDatabaseTest} upgrades: the databases that this version leaves behind, one of each kind, with an account
 * and what belongs to it, as SQL in {@code src/test/resources/released/V<last migration>}. Its name keeps it out of builds.
 * Run it when a version is released, and commit what it wrote:
 *
 * <pre>{@code
 * dev/mvn.sh -pl services/user-service -am test -Dtest=GenerateReleasedDatabase -Dsurefire.failIfNoSpecifiedTests=false
 * }</pre>
 *
 * <p>A file has the migrations' own text, so that it stays what it is if they should change, the rows of all tables, and
 * Flyway's history.
 */
@OnEveryDatabase
class GenerateReleasedDatabase {
    private static final Path RELEASED = Path.of("src/test/resources/released");

    private final DatabaseUnderTest underTest;

    GenerateReleasedDatabase(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @Test
    void write() throws Exception {
        Map<String, String> settings = Map.of(
                "keys.encryption-key-file",
                        RELEASED.resolve("encryption-key").toAbsolutePath().toString(),
                "password.argon2.memory-kib", "19456",
                "password.argon2.iterations", "2");
        UserServiceUnderTest service =
                UserServiceUnderTest.start(underTest.settings(), settings, Clock.systemUTC(), OpenApiContract.load());
        try (service) {
            ApiClient client = service.client();
            String credentials = "{\"username\": \"Ann\", \"password\": \"correct horse\"}";
            client.post("/v1/users", credentials).send();
            client.post("/v1/sessions", credentials).send();
        }
        try (Database database = underTest.open()) {
            List<String> dump = database.read(this::dump);
            Path file = RELEASED.resolve("V" + dump.removeFirst())
                    .resolve(underTest.kind() == Kind.EMBEDDED ? "sqlite.sql" : "postgresql.sql");
            Files.createDirectories(file.getParent());
            Files.write(file, dump);
        }
    }

    /** The version, then lines of SQL. */
    private List<String> dump(Handle handle) throws IOException {
        List<String> lines = new ArrayList<>();
        List<String> scripts = handle.createQuery(
                        "SELECT script FROM flyway_schema_history WHERE version IS NOT NULL ORDER BY installed_rank")
                .mapTo(String.class)
                .list();
        String last = Collections.max(
                        handle.createQuery("SELECT version FROM flyway_schema_history WHERE version IS NOT NULL")
                                .map((row, context) ->
                                        Integer.valueOf(row.getString("version").replaceFirst("\\..*", "")))
                                .list())
                .toString();
        lines.add(last);
        for (String script : scripts) {
            lines.addAll(migration(script).lines().toList());
        }
        lines.add(history());
        for (String table : tables(handle)) {
            lines.add("DELETE FROM " + table + ";");
            lines.addAll(rows(handle, table));
        }
        return lines;
    }

    private String migration(String script) throws IOException {
        String folder = underTest.kind() == Kind.EMBEDDED ? "sqlite" : "postgresql";
        for (String path : List.of(script, "db/migration/" + folder + "/" + script, "db/migration/common/" + script)) {
            try (InputStream file = getClass().getClassLoader().getResourceAsStream(path)) {
                if (file != null) {
                    return new String(file.readAllBytes(), StandardCharsets.UTF_8);
                }
            }
        }
        throw new IOException("There is no migration " + script);
    }

    /** As Flyway makes it. */
    private String history() {
        return """
                CREATE TABLE flyway_schema_history (
                    installed_rank INT           NOT NULL PRIMARY KEY,
                    version        VARCHAR(50),
                    description    VARCHAR(200)  NOT NULL,
                    type           VARCHAR(20)   NOT NULL,
                    script         VARCHAR(1000) NOT NULL,
                    checksum       INT,
                    installed_by   VARCHAR(100)  NOT NULL,
                    installed_on   %s,
                    execution_time INT           NOT NULL,
                    success        BOOLEAN       NOT NULL
                );""".formatted(
                        underTest.kind() == Kind.EMBEDDED
                                ? "TEXT          NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now'))"
                                : "TIMESTAMP     NOT NULL DEFAULT now()");
    }

    private List<String> tables(Handle handle) {
        // In the order in which they were made: one that refers to another comes after it.
        return handle.createQuery(
                        underTest.kind() == Kind.EMBEDDED
                                ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
                                : "SELECT relname FROM pg_class WHERE relkind = 'r'"
                                        + " AND relnamespace = current_schema()::regnamespace ORDER BY oid")
                .mapTo(String.class)
                .list();
    }

    private List<String> rows(Handle handle, String table) {
        return handle.createQuery("SELECT * FROM " + table)
                .map((row, context) -> insert(table, row))
                .list();
    }

    private String insert(String table, ResultSet row) throws SQLException {
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            names.add(row.getMetaData().getColumnName(i));
            values.add(literal(row, i));
        }
        return "INSERT INTO %s (%s) VALUES (%s);".formatted(table, String.join(", ", names), String.join(", ", values));
    }

    private String literal(ResultSet row, int column) throws SQLException {
        Object value = row.getObject(column);
        return switch (value) {
            case null -> "NULL";
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            case byte[] bytes -> {
                String hex = HexFormat.of().formatHex(bytes);
                yield underTest.kind() == Kind.EMBEDDED ? "X'" + hex + "'" : "'\\x" + hex + "'";
            }
            default -> "'" + row.getString(column).replace("'", "''") + "'";
        };
    }
}
