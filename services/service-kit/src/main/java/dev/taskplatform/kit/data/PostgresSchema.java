// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The tables of a schema of PostgreSQL, from its catalog.
 *
 * @param tables by their names
 * @param references between them
 */
record PostgresSchema(Map<String, Table> tables, List<Reference> references) {
    private static final String COLUMNS = """
            SELECT c.relname, a.attname, t.typname, a.attgenerated <> ''
            FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            JOIN pg_type t ON t.oid = a.atttypid
            WHERE n.nspname = ? AND c.relkind IN ('r', 'p') AND NOT c.relispartition
            ORDER BY c.relname, a.attname
            """;

    private static final String KEYS = """
            SELECT c.relname, a.attname
            FROM pg_constraint k
            JOIN pg_class c ON c.oid = k.conrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace
            CROSS JOIN LATERAL unnest(k.conkey) WITH ORDINALITY AS part (number, place)
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = part.number
            WHERE n.nspname = ? AND k.contype = 'p'
            ORDER BY c.relname, part.place
            """;

    private static final String REFERENCES = """
            SELECT k.conname, c.relname, f.relname
            FROM pg_constraint k
            JOIN pg_class c ON c.oid = k.conrelid
            JOIN pg_class f ON f.oid = k.confrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = ? AND k.contype = 'f' AND NOT c.relispartition
            ORDER BY c.relname, k.conname
            """;

    /** Reads it. */
    static PostgresSchema read(Connection connection, String schema) throws SQLException {
        Map<String, List<Column>> columns = new TreeMap<>();
        Map<String, List<String>> keys = new TreeMap<>();
        List<Reference> references = new ArrayList<>();
        query(
                connection,
                COLUMNS,
                schema,
                row -> columns.computeIfAbsent(row.getString(1), name -> new ArrayList<>())
                        .add(new Column(row.getString(2), row.getString(3), row.getBoolean(4))));
        query(
                connection,
                KEYS,
                schema,
                row -> keys.computeIfAbsent(row.getString(1), name -> new ArrayList<>())
                        .add(row.getString(2)));
        query(
                connection,
                REFERENCES,
                schema,
                row -> references.add(new Reference(row.getString(1), row.getString(2), row.getString(3))));
        Map<String, Table> tables = new TreeMap<>();
        columns.forEach((name, those) ->
                tables.put(name, new Table(name, List.copyOf(those), keys.getOrDefault(name, List.of()))));
        return new PostgresSchema(tables, List.copyOf(references));
    }

    private static void query(Connection connection, String sql, String schema, Rows rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, schema);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.row(row);
                }
            }
        }
    }

    /** All tables, those that others refer to before them. Where that goes in a circle, it is broken somewhere. */
    List<String> order() {
        List<String> order = new ArrayList<>();
        Set<String> left = new HashSet<>(tables.keySet());
        while (!left.isEmpty()) {
            String next = tables.keySet().stream()
                    .filter(left::contains)
                    .filter(table -> references.stream()
                            .noneMatch(each ->
                                    each.from().equals(table) && !each.to().equals(table) && left.contains(each.to())))
                    .findFirst()
                    .orElseGet(() -> tables.keySet().stream()
                            .filter(left::contains)
                            .findFirst()
                            .orElseThrow());
            order.add(next);
            left.remove(next);
        }
        return order;
    }

    /** References that rows of tables in this order have before what they refer to is there. */
    List<Reference> ahead(List<String> order) {
        return references.stream()
                .filter(reference -> order.indexOf(reference.to()) >= order.indexOf(reference.from()))
                .toList();
    }

    @FunctionalInterface
    private interface Rows {
        void row(ResultSet row) throws SQLException;
    }

    /**
     * A table.
     *
     * @param columns by name
     * @param key its primary key; empty when it has none
     */
    record Table(String name, List<Column> columns, List<String> key) {}

    /**
     * A column.
     *
     * @param type as the catalog has it
     * @param generated computed from the others
     */
    record Column(String name, String type, boolean generated) {}

    /** A foreign key. */
    record Reference(String name, String from, String to) {}
}
