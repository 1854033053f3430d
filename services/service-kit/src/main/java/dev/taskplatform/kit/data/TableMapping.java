// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table that is in SQLite and in PostgreSQL. Both are read in the order of the same columns, texts as their bytes are, so
 * equal tables have equal digests.
 *
 * @param columns those of both, by name
 * @param key columns that order the rows: the primary key in PostgreSQL, or all
 * @param keyed whether that is a primary key
 */
record TableMapping(String name, List<Column> columns, List<String> key, boolean keyed) {
    /** So many rows are in memory, on either side. */
    private static final int ROWS = 500;

    /** @throws RefusedException if they are not the same table */
    static TableMapping of(SqliteFile.Table source, PostgresSchema.Table target) throws RefusedException {
        Map<String, PostgresSchema.Column> there = new HashMap<>();
        target.columns().stream()
                .filter(column -> !column.generated())
                .forEach(column -> there.put(column.name(), column));
        List<Column> columns = new ArrayList<>();
        for (String name : source.columns()) {
            PostgresSchema.Column column = there.remove(name);
            if (column != null) {
                columns.add(new Column(name, type(target, column)));
            } else if (!source.rowNumber().equals(Optional.of(name))) {
                throw new RefusedException(
                        "The table %s of PostgreSQL has no column %s, which that of SQLite has; use a version of the service whose schemas are equal"
                                .formatted(source.name(), name));
            }
        }
        if (!there.isEmpty()) {
            throw new RefusedException(
                    "The table %s of SQLite lacks %s, which that of PostgreSQL has; use a version of the service whose schemas are equal"
                            .formatted(source.name(), there.keySet()));
        }
        List<String> names = columns.stream().map(Column::name).toList();
        boolean keyed = !target.key().isEmpty();
        return new TableMapping(source.name(), List.copyOf(columns), keyed ? target.key() : names, keyed);
    }

    private static ColumnType type(PostgresSchema.Table table, PostgresSchema.Column column) throws RefusedException {
        return ColumnType.of(column.type())
                .orElseThrow(() -> new RefusedException(
                        "The column %s.%s has the type %s, which this program can't copy; use a version of the service that can"
                                .formatted(table.name(), column.name(), column.type())));
    }

    private List<String> names() {
        return columns.stream().map(Column::name).toList();
    }

    /** Sums the table up in SQLite. */
    TableSummary summarize(SqliteFile source) throws DataException, SQLException {
        TableDigest digest = new TableDigest(names());
        source.read(name, names(), key, row -> digest.add(same(row)));
        return digest.summary();
    }

    private Object[] same(Object[] row) throws RefusedException {
        Object[] same = new Object[row.length];
        for (int i = 0; i < row.length; i++) {
            try {
                same[i] = row[i] == null ? null : columns.get(i).type().same(row[i]);
            } catch (ClassCastException | IllegalArgumentException e) {
                throw unfit(columns.get(i));
            }
        }
        return same;
    }

    /** Sums the table up in PostgreSQL, in the transaction of the connection. */
    TableSummary summarize(Connection target) throws SQLException {
        TableDigest digest = new TableDigest(names());
        Map<String, ColumnType> types = columns.stream().collect(Collectors.toMap(Column::name, Column::type));
        String order = key.stream()
                .map(column ->
                        types.get(column) == ColumnType.TEXT ? quoted(column) + " COLLATE \"C\"" : quoted(column))
                // As in SQLite. A primary key has no nulls, and its index the other order.
                .map(column -> keyed ? column : column + " NULLS FIRST")
                .collect(Collectors.joining(", "));
        String sql = "SELECT %s FROM %s ORDER BY %s".formatted(list(), quoted(name), order);
        Object[] row = new Object[columns.size()];
        try (Statement statement = target.createStatement()) {
            statement.setFetchSize(ROWS);
            try (ResultSet rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                    for (int i = 0; i < row.length; i++) {
                        boolean isNull = rows.getObject(i + 1) == null;
                        row[i] = isNull ? null : columns.get(i).type().read(rows, i + 1);
                    }
                    digest.add(row);
                }
            }
        }
        return digest.summary();
    }

    /** Adds all rows of SQLite, in the transaction of the connection. */
    void copy(SqliteFile source, Connection target) throws DataException, SQLException {
        String places = IntStream.range(0, columns.size()).mapToObj(i -> "?").collect(Collectors.joining(", "));
        // Also where the database would give numbers of its own.
        String sql = "INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE VALUES (%s)".formatted(quoted(name), list(), places);
        try (PreparedStatement statement = target.prepareStatement(sql)) {
            Batch batch = new Batch(statement);
            source.read(name, names(), key, batch::add);
            batch.flush();
        }
    }

    /**
     * Has a column that gives numbers by itself go on after those that were given.
     *
     * @param last of SQLite, also to a row that is gone
     */
    void continueNumbers(Connection target, long last) throws SQLException {
        for (Column column : columns) {
            // Null for a column without a sequence; and the function takes the table's name as SQL has it.
            String sql = "SELECT setval(sequence, greatest(1, last), last > 0) FROM (SELECT "
                    + "pg_get_serial_sequence(?, ?)::regclass AS sequence, greatest(?, coalesce(max(%s), 0)) AS last FROM %s) AS numbers "
                            .formatted(quoted(column.name()), quoted(name))
                    + "WHERE sequence IS NOT NULL";
            if (column.type() != ColumnType.INTEGER) {
                continue;
            }
            try (PreparedStatement statement = target.prepareStatement(sql)) {
                statement.setString(1, quoted(name));
                statement.setString(2, column.name());
                statement.setLong(3, last);
                statement.execute();
            }
        }
    }

    private RefusedException unfit(Column column) {
        return new RefusedException(
                "The column %s.%s holds a value in SQLite that is no %s; correct that row and copy again"
                        .formatted(name, column.name(), column.type()));
    }

    private String list() {
        return columns.stream().map(Column::name).map(TableMapping::quoted).collect(Collectors.joining(", "));
    }

    static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    /** A column of both. */
    record Column(String name, ColumnType type) {}

    /** Rows on their way to PostgreSQL. */
    private final class Batch {
        private final PreparedStatement statement;
        private int size;

        Batch(PreparedStatement statement) {
            this.statement = statement;
        }

        void add(Object[] row) throws RefusedException, SQLException {
            for (int i = 0; i < row.length; i++) {
                if (row[i] == null) {
                    statement.setNull(i + 1, Types.NULL);
                    continue;
                }
                try {
                    columns.get(i).type().bind(statement, i + 1, row[i]);
                } catch (ClassCastException | IllegalArgumentException | DateTimeException e) {
                    throw unfit(columns.get(i));
                }
            }
            statement.addBatch();
            size++;
            if (size == ROWS) {
                flush();
            }
        }

        void flush() throws SQLException {
            if (size > 0) {
                statement.executeBatch();
                size = 0;
            }
        }
    }
}
