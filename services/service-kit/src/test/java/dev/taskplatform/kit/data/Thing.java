// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import dev.taskplatform.kit.database.DatabaseSettings;
import dev.taskplatform.kit.database.WholeDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/** The SQLite file of a service for tests, whose every transaction adds a row to either half. */
final class Thing implements AutoCloseable {
    private final Connection connection;

    private Thing(Connection connection) {
        this.connection = connection;
    }

    /** Opens it as a service does, in WAL mode. */
    static Thing open(Path file) throws Exception {
        Files.createDirectories(file.getParent());
        WholeDatabase database = WholeDatabase.of(new DatabaseSettings.Embedded(file));
        ThingMigrations.using(() -> {
            WholeDatabase.of(new DatabaseSettings.Embedded(file)).migrate();
            return null;
        });
        return new Thing(database.connect());
    }

    /** A pair. */
    void add(String text) throws SQLException {
        UUID id = UUID.randomUUID();
        execute("BEGIN IMMEDIATE");
        execute("INSERT INTO left_half (id, text) VALUES ('%s', '%s')".formatted(id, text));
        execute("INSERT INTO right_half (id) VALUES ('%s')".formatted(id));
        execute("COMMIT");
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The one value that a query of a file has. */
    static String ask(Path file, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
