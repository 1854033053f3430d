// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.database;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.sqlite.SQLiteDataSource;

/**
 * A database for work on the whole of it, by a program of its own: without pools, and without the limits of time that the
 * requests of a service have.
 */
public final class WholeDatabase {
    private final String description;
    private final DataSource source;
    private final Optional<String> schema;
    private final Flyway flyway;

    private WholeDatabase(String description, DataSource source, Optional<String> schema, Flyway flyway) {
        this.description = description;
        this.source = source;
        this.schema = schema;
        this.flyway = flyway;
    }

    /** A SQLite file; made when missing. */
    public static WholeDatabase of(DatabaseSettings.Embedded settings) {
        Path file = settings.path().toAbsolutePath();
        DataSource source = SqliteBackend.source(file);
        return new WholeDatabase(
                "SQLite at " + file,
                source,
                Optional.empty(),
                Migrations.of(Dialect.SQLITE, flyway -> flyway.dataSource(source)));
    }

    /**
     * The schema of a service in PostgreSQL; made when missing.
     *
     * @throws IllegalArgumentException naming the file of the Secret that is missing, empty or can't be read
     */
    public static WholeDatabase of(DatabaseSettings.Postgres settings) {
        PostgresDataSource source = new PostgresDataSource(settings.secretDir(), Duration.ZERO);
        source.requireFiles();
        return new WholeDatabase(
                "schema %s in PostgreSQL of %s".formatted(settings.schema(), settings.secretDir()),
                source,
                Optional.of(settings.schema()),
                Migrations.of(
                        Dialect.POSTGRESQL,
                        flyway -> flyway.dataSource(source)
                                .schemas(settings.schema())
                                .createSchemas(true)));
    }

    /** The newest version of the schema that this program knows for SQLite. */
    public static MigrationVersion newestEmbedded() {
        SQLiteDataSource empty = new SQLiteDataSource();
        empty.setUrl("jdbc:sqlite::memory:");
        Flyway flyway = Migrations.of(Dialect.SQLITE, configuration -> configuration.dataSource(empty));
        return Arrays.stream(flyway.info().pending())
                .map(MigrationInfo::getVersion)
                .filter(Objects::nonNull)
                .max(MigrationVersion::compareTo)
                .orElse(MigrationVersion.EMPTY);
    }

    /** For people, with the place; holds no secret. */
    public String description() {
        return description;
    }

    /** A connection of the caller's own, whose names are of the service's schema. */
    public Connection connect() throws SQLException {
        Connection connection = source.getConnection();
        if (schema.isPresent()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET search_path TO " + schema.get());
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        }
        return connection;
    }

    /**
     * The version of its schema; empty while there is none.
     *
     * @throws IllegalStateException when it can't be read
     */
    public Optional<MigrationVersion> version() {
        try {
            return Optional.ofNullable(flyway.info().current()).map(MigrationInfo::getVersion);
        } catch (FlywayException e) {
            throw new IllegalStateException(
                    "The version of the schema in %s can't be read: %s".formatted(description, e.getMessage()), e);
        }
    }

    /**
     * Brings its schema up to date.
     *
     * @throws IllegalStateException when that can't be done
     */
    public void migrate() {
        try {
            flyway.migrate();
        } catch (FlywayException e) {
            throw new IllegalStateException(
                    "The schema in %s can't be brought up to date: %s".formatted(description, e.getMessage()), e);
        }
    }
}
