// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import dev.taskplatform.kit.database.DatabaseSettings;
import dev.taskplatform.kit.database.WholeDatabase;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.flywaydb.core.api.MigrationVersion;

/**
 * Moves a service's data from SQLite to PostgreSQL: all of it in one transaction, which ends when every table has been read
 * back and is equal. The row that says so in {@code data_copy} is written in the same transaction, so a copy that is asked
 * for again is not made again. The service must be stopped, and have nothing in PostgreSQL yet.
 */
final class CopyCommand {
    private static final Logger LOGGER = System.getLogger(CopyCommand.class.getName());

    /** Says which state of a database was copied. */
    private static final String MARKER = "data_copy";

    private final Path source;
    private final DatabaseSettings.Postgres target;
    private final ServiceIdentity service;
    private final Environment environment;
    private final Clock clock;

    CopyCommand(
            Path source,
            DatabaseSettings.Postgres target,
            ServiceIdentity service,
            Environment environment,
            Clock clock) {
        this.source = source.toAbsolutePath();
        this.target = target;
        this.service = service;
        this.environment = environment;
        this.clock = clock;
    }

    Result run() throws DataException, IOException, SQLException {
        WholeDatabase to = WholeDatabase.of(target);
        MigrationVersion newest = WholeDatabase.newestEmbedded();
        try (SqliteFile unused = SqliteFile.openAlone(source)) {
            unused.requireIntegrity();
            requireKnown("The database " + source, unused.schemaVersion(), newest);
        }
        requireReachable(to);
        Optional<MigrationVersion> present = to.version();
        if (present.isPresent()) {
            requireKnown("The " + to.description(), present.get(), newest);
        }
        WholeDatabase.of(new DatabaseSettings.Embedded(source)).migrate();
        to.migrate();
        try (SqliteFile from = SqliteFile.openAlone(source);
                Connection connection = to.connect()) {
            connection.setAutoCommit(false);
            try {
                Result result = copy(from, connection, to.description());
                connection.commit();
                return result;
            } catch (SQLException e) {
                throw failure(e, to.description());
            } finally {
                // Of what was committed nothing is undone.
                connection.rollback();
            }
        }
    }

    private static void requireReachable(WholeDatabase to) throws DataException {
        try {
            to.connect().close();
        } catch (SQLException e) {
            throw new DataException(
                    "Can't use the %s: %s; correct the Secret, or start the server"
                            .formatted(to.description(), e.getMessage()),
                    e);
        }
    }

    /** Values out of range and violated constraints are the same whenever it is tried. */
    private static DataException failure(SQLException e, String description) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        String message =
                "Copying to the %s failed, and nothing of it is there: %s".formatted(description, e.getMessage());
        return state.startsWith("22") || state.startsWith("23")
                ? new RefusedException(message, e)
                : new DataException(message, e);
    }

    private void requireKnown(String what, MigrationVersion version, MigrationVersion newest) throws RefusedException {
        if (version.compareTo(newest) > 0) {
            throw new RefusedException(
                    "%s is of the schema version %s, and version %s of the %s knows up to %s; copy with a later version of the service"
                            .formatted(
                                    what,
                                    version.getVersion(),
                                    service.version(),
                                    service.name(),
                                    newest.getVersion()));
        }
    }

    private Result copy(SqliteFile from, Connection to, String description)
            throws DataException, IOException, SQLException {
        prepare(to);
        PostgresSchema schema = PostgresSchema.read(to, target.schema());
        Map<String, TableMapping> mappings = mappings(from, schema);
        Map<String, TableSummary> summaries = new TreeMap<>();
        for (TableMapping mapping : mappings.values()) {
            summaries.put(mapping.name(), mapping.summarize(from));
        }
        String sha256 = Hashes.of(summaries);
        if (!isCopied(to, sha256, description)) {
            List<String> order = schema.order();
            lock(to, order);
            requireEmpty(to, schema, mappings, description);
            fill(from, to, schema, order, mappings);
            verify(to, mappings, summaries);
            mark(to, sha256);
        }
        return new Result(
                service.name(),
                Optional.empty(),
                summaries.values().stream().mapToLong(TableSummary::rows).sum(),
                summaries.size(),
                Files.size(source),
                sha256,
                from.schemaVersion().getVersion(),
                Optional.empty());
    }

    private void prepare(Connection to) throws RefusedException, SQLException {
        // For the transaction, so that no pooler gives them to others. Only waits for locks are limited: somebody else
        // is there.
        execute(to, "SET LOCAL search_path TO " + TableMapping.quoted(target.schema()));
        execute(to, "SET LOCAL statement_timeout TO 0");
        execute(to, "SET LOCAL idle_in_transaction_session_timeout TO 0");
        execute(to, "SET LOCAL lock_timeout TO '30s'");
        String encoding = ask(to, "SHOW server_encoding");
        if (!encoding.equals("UTF8")) {
            throw new RefusedException(
                    "The database of %s has the encoding %s, which can't hold all texts; make one with ENCODING 'UTF8' and name it in the Secret"
                            .formatted(target.secretDir(), encoding));
        }
        // Of two copies at once, the second finds what the first has done.
        ask(to, "SELECT pg_advisory_xact_lock(hashtextextended('%s.%s', 0))".formatted(target.schema(), MARKER));
        execute(
                to,
                "CREATE TABLE IF NOT EXISTS " + MARKER
                        + " (source_sha256 text NOT NULL PRIMARY KEY, copied_at timestamptz NOT NULL)");
    }

    private static Map<String, TableMapping> mappings(SqliteFile from, PostgresSchema schema)
            throws RefusedException, SQLException {
        Map<String, TableMapping> mappings = new TreeMap<>();
        for (SqliteFile.Table table : from.tables().values()) {
            PostgresSchema.Table same = schema.tables().get(table.name());
            if (same == null) {
                throw new RefusedException(
                        "PostgreSQL has no table %s, which SQLite has; use a version of the service whose schemas are equal"
                                .formatted(table.name()));
            }
            mappings.put(table.name(), TableMapping.of(table, same));
        }
        return mappings;
    }

    private static boolean isCopied(Connection to, String sha256, String description)
            throws RefusedException, SQLException {
        try (Statement statement = to.createStatement();
                ResultSet row = statement.executeQuery("SELECT source_sha256, copied_at FROM " + MARKER)) {
            if (!row.next()) {
                return false;
            }
            String at = row.getObject(2, OffsetDateTime.class).toInstant().toString();
            if (!row.getString(1).equals(sha256)) {
                throw new RefusedException(
                        "The %s was filled at %s by a copy of another state of the database; use it as it is, or drop the schema and copy again"
                                .formatted(description, at));
            }
            LOGGER.log(Level.INFO, () -> "The same was copied to the %s at %s".formatted(description, at));
            return true;
        }
    }

    /** Against a service that writes there meanwhile. */
    private static void lock(Connection to, List<String> tables) throws SQLException {
        execute(
                to,
                "LOCK TABLE %s IN EXCLUSIVE MODE"
                        .formatted(tables.stream().map(TableMapping::quoted).collect(Collectors.joining(", "))));
    }

    /** Empty is what has the rows that the migrations make by themselves, as a new SQLite file has them, and no others. */
    private void requireEmpty(
            Connection to, PostgresSchema schema, Map<String, TableMapping> mappings, String description)
            throws DataException, IOException, SQLException {
        Path work = Files.createTempDirectory(environment.workDir(), "copy-");
        try {
            Path fresh = work.resolve("fresh.db");
            WholeDatabase.of(new DatabaseSettings.Embedded(fresh)).migrate();
            try (SqliteFile empty = SqliteFile.openAlone(fresh)) {
                for (String table : schema.tables().keySet()) {
                    if (table.equals(MARKER) || table.equals(SqliteFile.HISTORY) || !hasRows(to, table)) {
                        continue;
                    }
                    TableMapping mapping = mappings.get(table);
                    if (mapping == null || !mapping.summarize(to).equals(mapping.summarize(empty))) {
                        throw new RefusedException(
                                "The %s already has data (in the table %s) that no copy has put there, and nothing is overwritten; if it is not needed, drop the schema and copy again"
                                        .formatted(description, table));
                    }
                }
            }
        } finally {
            Disk.remove(work);
        }
    }

    private static boolean hasRows(Connection to, String table) throws SQLException {
        return ask(to, "SELECT EXISTS (SELECT 1 FROM %s)".formatted(TableMapping.quoted(table)))
                .equals("t");
    }

    private static void fill(
            SqliteFile from,
            Connection to,
            PostgresSchema schema,
            List<String> order,
            Map<String, TableMapping> mappings)
            throws DataException, SQLException {
        List<PostgresSchema.Reference> ahead = schema.ahead(order);
        for (PostgresSchema.Reference reference : ahead) {
            execute(to, alter(reference, "DEFERRABLE INITIALLY DEFERRED"));
        }
        for (String table : order.reversed()) {
            if (mappings.containsKey(table) && hasRows(to, table)) {
                // Those of the migrations; the same, or what became of them, come with the others.
                execute(to, "DELETE FROM " + TableMapping.quoted(table));
            }
        }
        for (String table : order) {
            TableMapping mapping = mappings.get(table);
            if (mapping != null) {
                LOGGER.log(Level.INFO, "Copying {0}", table);
                mapping.copy(from, to);
                mapping.continueNumbers(to, from.lastNumber(table));
            }
        }
        if (!ahead.isEmpty()) {
            execute(to, "SET CONSTRAINTS ALL IMMEDIATE");
        }
        for (PostgresSchema.Reference reference : ahead) {
            execute(to, alter(reference, "NOT DEFERRABLE"));
        }
    }

    private static String alter(PostgresSchema.Reference reference, String how) {
        return "ALTER TABLE %s ALTER CONSTRAINT %s %s"
                .formatted(TableMapping.quoted(reference.from()), TableMapping.quoted(reference.name()), how);
    }

    private static void verify(Connection to, Map<String, TableMapping> mappings, Map<String, TableSummary> summaries)
            throws RefusedException, SQLException {
        for (TableMapping mapping : mappings.values()) {
            TableSummary expected = summaries.get(mapping.name());
            TableSummary copied = mapping.summarize(to);
            if (!copied.equals(expected)) {
                throw new RefusedException(
                        "The table %s is not the same in PostgreSQL: it has %s, and should have %s; nothing was copied, so report this with both databases"
                                .formatted(mapping.name(), copied, expected));
            }
            // Until the server would do so by itself it plans for empty tables.
            execute(to, "ANALYZE " + TableMapping.quoted(mapping.name()));
        }
    }

    private void mark(Connection to, String sha256) throws SQLException {
        try (PreparedStatement statement =
                to.prepareStatement("INSERT INTO " + MARKER + " (source_sha256, copied_at) VALUES (?, ?)")) {
            statement.setString(1, sha256);
            statement.setObject(2, clock.instant().atOffset(ZoneOffset.UTC));
            statement.executeUpdate();
        }
    }

    private static void execute(Connection to, String sql) throws SQLException {
        try (Statement statement = to.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(Connection to, String sql) throws SQLException {
        try (Statement statement = to.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
