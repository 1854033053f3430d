// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.flywaydb.core.api.MigrationVersion;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * A SQLite file that is read.
 *
 * <p>Its tables are those of the service: neither Flyway's, of which the version is told, nor those that full-text search
 * keeps its index in. These say again what the tables say, in an order that depends on what was written when, and the index
 * itself can't be read at all where it is contentless. {@link #requireIntegrity} looks at them, too.
 */
final class SqliteFile implements AutoCloseable {
    /** Flyway's own table, in either database. */
    static final String HISTORY = "flyway_schema_history";

    /** A service that is stopping, or another reader of the file, may hold a lock for a moment. */
    private static final Duration BUSY = Duration.ofSeconds(5);

    private final Path file;
    private final Connection connection;

    private SqliteFile(Path file, SQLiteConfig config) throws SQLException {
        this.file = file;
        config.setBusyTimeout((int) BUSY.toMillis());
        this.connection = config.createConnection("jdbc:sqlite:" + file);
    }

    /**
     * Opens a file that others may write to.
     *
     * @throws DataException if there is none: SQLite would make one
     */
    static SqliteFile open(Path file) throws DataException, SQLException {
        requireFile(file);
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        return new SqliteFile(file, config);
    }

    /**
     * Opens a file for as long as this is open to nobody else.
     *
     * @throws DataException if there is none, or somebody has it open
     */
    static SqliteFile openAlone(Path file) throws DataException, SQLException {
        requireFile(file);
        SQLiteConfig config = new SQLiteConfig();
        config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
        SqliteFile opened = new SqliteFile(file, config);
        try (Statement statement = opened.connection.createStatement()) {
            // In WAL mode the first read takes the lock, in the others the first write.
            statement.execute("BEGIN EXCLUSIVE");
            return opened;
        } catch (SQLiteException e) {
            opened.close();
            if ((e.getResultCode().code & 0xff) == SQLiteErrorCode.SQLITE_BUSY.code) {
                throw new DataException(
                        "The database %s is in use by another program; stop the service that has it open, and try again"
                                .formatted(file),
                        e);
            }
            throw e;
        }
    }

    private static void requireFile(Path file) throws DataException {
        if (!Files.isRegularFile(file)) {
            throw new DataException(
                    "There is no database at %s; start the service once, which makes it, or mount the volume that has it"
                            .formatted(file));
        }
    }

    /** What a copy of it takes at most. */
    long bytes() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")) {
            row.next();
            return row.getLong(1);
        }
    }

    /**
     * Writes what is committed now to a new file, while others go on writing to this one. Pages that are free, and so what
     * was deleted, are left out.
     */
    void snapshot(Path to) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("VACUUM INTO ?")) {
            statement.setString(1, to.toString());
            statement.execute();
        }
    }

    /** @throws RefusedException saying what is broken */
    void requireIntegrity() throws RefusedException, SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA integrity_check(1)")) {
            String first = rows.next() ? rows.getString(1) : "no answer";
            if (!first.equals("ok")) {
                throw broken(first, null);
            }
        } catch (SQLiteException e) {
            int primary = e.getResultCode().code & 0xff;
            if (primary == SQLiteErrorCode.SQLITE_CORRUPT.code || primary == SQLiteErrorCode.SQLITE_NOTADB.code) {
                throw broken(e.getMessage(), e);
            }
            throw e;
        }
    }

    private RefusedException broken(String how, Throwable cause) {
        return new RefusedException(
                "The database %s is damaged (%s); restore a backup of it, or repair it by `sqlite3 .recover`"
                        .formatted(file, how),
                cause);
    }

    /** @throws RefusedException if it is no service's database */
    MigrationVersion schemaVersion() throws RefusedException, SQLException {
        if (!exists(HISTORY)) {
            throw new RefusedException(
                    "The file %s is no database of a service: it has no table %s; name the file that the service uses"
                            .formatted(file, HISTORY));
        }
        MigrationVersion newest = MigrationVersion.EMPTY;
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT version FROM " + HISTORY + " WHERE success AND version IS NOT NULL")) {
            while (rows.next()) {
                MigrationVersion version = MigrationVersion.fromVersion(rows.getString(1));
                newest = version.compareTo(newest) > 0 ? version : newest;
            }
        }
        return newest;
    }

    /** By their names. */
    Map<String, Table> tables() throws SQLException {
        Map<String, Table> tables = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
                                + "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> '" + HISTORY + "'")) {
            while (rows.next()) {
                String name = rows.getString(1);
                tables.put(name, table(name, rows.getBoolean(2)));
            }
        }
        return tables;
    }

    private Table table(String name, boolean withoutRowNumber) throws SQLException {
        List<String> columns = new ArrayList<>();
        Map<Integer, String> key = new TreeMap<>();
        List<String> integers = new ArrayList<>();
        // Hidden are generated columns and those of virtual tables.
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT name, type, pk FROM pragma_table_xinfo(?) WHERE hidden = 0 ORDER BY name")) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    columns.add(rows.getString(1));
                    if (rows.getInt(3) > 0) {
                        key.put(rows.getInt(3), rows.getString(1));
                    }
                    if (rows.getString(2).equalsIgnoreCase("INTEGER")) {
                        integers.add(rows.getString(1));
                    }
                }
            }
        }
        List<String> keyColumns = List.copyOf(key.values());
        boolean numbered = !withoutRowNumber && keyColumns.size() == 1 && integers.contains(keyColumns.getFirst());
        return new Table(
                name,
                List.copyOf(columns),
                keyColumns.isEmpty() ? List.copyOf(columns) : keyColumns,
                numbered ? Optional.of(keyColumns.getFirst()) : Optional.empty());
    }

    /** Of each table, by its name. */
    Map<String, TableSummary> summaries() throws DataException, SQLException {
        Map<String, TableSummary> summaries = new TreeMap<>();
        for (Table table : tables().values()) {
            TableDigest digest = new TableDigest(table.columns());
            read(table.name(), table.columns(), table.key(), digest::add);
            summaries.put(table.name(), digest.summary());
        }
        return summaries;
    }

    /**
     * Reads a table, row by row.
     *
     * @param columns whose values are read, in this order
     * @param order columns that the rows are sorted by; texts as their bytes are, null first
     */
    void read(String table, List<String> columns, List<String> order, RowReader reader)
            throws DataException, SQLException {
        String sql = "SELECT %s FROM %s ORDER BY %s".formatted(names(columns), name(table), names(order));
        Object[] row = new Object[columns.size()];
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                for (int i = 0; i < row.length; i++) {
                    row[i] = rows.getObject(i + 1) instanceof Integer small
                            ? Long.valueOf(small)
                            : rows.getObject(i + 1);
                }
                reader.row(row);
            }
        }
    }

    /** The last number that an {@code AUTOINCREMENT} has given, also to a row that is gone; 0 where there is none. */
    long lastNumber(String table) throws SQLException {
        if (!exists("sqlite_sequence")) {
            return 0;
        }
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = ?")) {
            statement.setString(1, table);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private boolean exists(String table) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?")) {
            statement.setString(1, table);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static String names(List<String> columns) {
        return columns.stream().map(SqliteFile::name).collect(Collectors.joining(", "));
    }

    private static String name(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    /**
     * A table.
     *
     * @param columns that hold something of their own, by name
     * @param key columns that order the rows
     * @param rowNumber column that is SQLite's own number of a row
     */
    record Table(String name, List<String> columns, List<String> key, Optional<String> rowNumber) {}

    /** Gets the rows of a table. */
    @FunctionalInterface
    interface RowReader {
        /** @param values null, Long, Double, String and byte[]; the array is used again for the next row */
        void row(Object[] values) throws DataException, SQLException;
    }
}
