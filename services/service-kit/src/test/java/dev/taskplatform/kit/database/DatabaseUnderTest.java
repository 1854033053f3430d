// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.database;

import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** An empty database of one kind for one test class or method, and the configuration that opens it. */
public final class DatabaseUnderTest implements AutoCloseable {

    /** The kinds that every storage suite runs on; named as {@code database.kind}. */
    public enum Kind {
        EMBEDDED,
        POSTGRES
    }

    private static final String SCHEMA = "service_under_test";

    private final Kind kind;
    private final Path directory;
    private final Map<String, String> settings;

    private DatabaseUnderTest(Kind kind, Path directory, Map<String, String> settings) {
        this.kind = kind;
        this.directory = directory;
        this.settings = Map.copyOf(settings);
    }

    /** A SQLite file in a directory of its own. */
    public static DatabaseUnderTest embedded() {
        Path directory = temporaryDirectory();
        return new DatabaseUnderTest(
                Kind.EMBEDDED,
                directory,
                Map.of(
                        "database.kind",
                        "embedded",
                        "database.embedded.path",
                        directory.resolve("data").resolve("service.db").toString()));
    }

    /** A database on a running PostgreSQL, whose connection is described by files as a mounted Secret has them. */
    public static DatabaseUnderTest postgres(String host, int port, String dbname, String username, String password) {
        Path directory = temporaryDirectory();
        Map<String, String> secret = new LinkedHashMap<>();
        secret.put("host", host);
        secret.put("port", Integer.toString(port));
        secret.put("dbname", dbname);
        secret.put("username", username);
        secret.put("password", password);
        DatabaseUnderTest database = new DatabaseUnderTest(
                Kind.POSTGRES,
                directory,
                Map.of(
                        "database.kind",
                        "postgres",
                        "database.postgres.secret-dir",
                        directory.toString(),
                        "database.postgres.schema",
                        SCHEMA));
        secret.forEach(database::writeSecret);
        return database;
    }

    public Kind kind() {
        return kind;
    }

    /** Keys and values of a service's configuration that select this database. */
    public Map<String, String> settings() {
        return settings;
    }

    /** Opens it, as the service does. More than one at a time is more than one replica. */
    public Database open() {
        return Database.open(Config.builder(ConfigSources.create(settings))
                .disableEnvironmentVariablesSource()
                .disableSystemPropertiesSource()
                .build()
                .get("database"));
    }

    /**
     * The service's migrations up to a version, to make a database as a released service left it.
     *
     * @param version the last that is applied
     */
    public Flyway migrations(String version) {
        FluentConfiguration flyway = Flyway.configure().target(version).skipDefaultCallbacks(true);
        if (kind == Kind.EMBEDDED) {
            Path file = Path.of(settings.get("database.embedded.path"));
            try {
                Files.createDirectories(file.getParent());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            flyway.dataSource("jdbc:sqlite:" + file, null, null).locations("classpath:db/migration/sqlite");
        } else {
            flyway.dataSource(
                            "jdbc:postgresql://%s:%s/%s"
                                    .formatted(readSecret("host"), readSecret("port"), readSecret("dbname")),
                            readSecret("username"),
                            readSecret("password"))
                    .schemas(SCHEMA)
                    .createSchemas(true)
                    .locations("classpath:db/migration/postgresql");
        }
        return flyway.load();
    }

    /** A table, for connections that do not know the service's schema. */
    public String table(String name) {
        return kind == Kind.EMBEDDED ? name : SCHEMA + "." + name;
    }

    /** The user that owns the PostgreSQL database, as the Secret says. */
    public String username() {
        return readSecret("username");
    }

    /** The directory of the SQLite file's own directory, or of the files of the Secret. */
    public Path directory() {
        return directory;
    }

    /** Replaces a file of the mounted Secret, as when a password is rotated. */
    public void writeSecret(String name, String value) {
        try {
            Files.writeString(directory.resolve(name), value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String readSecret(String name) {
        try {
            return Files.readString(directory.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("database-under-test-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
