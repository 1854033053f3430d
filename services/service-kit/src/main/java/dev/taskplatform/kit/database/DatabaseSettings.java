// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.database;

import io.helidon.config.Config;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The section {@code database} of a service's configuration: which database, and where it is. */
public sealed interface DatabaseSettings {

    /**
     * SQLite in a file, for one replica.
     *
     * @param path the database file; it and its directory are made when missing
     */
    record Embedded(Path path) implements DatabaseSettings {}

    /**
     * PostgreSQL, for any number of replicas.
     *
     * @param secretDir directory with the files {@code host}, {@code port}, {@code dbname}, {@code username} and
     *     {@code password}, as Kubernetes mounts a Secret
     * @param schema schema of this service, made when missing
     * @param poolSize most connections held by this replica
     */
    record Postgres(Path secretDir, String schema, int poolSize) implements DatabaseSettings {
        private static final Pattern SCHEMA = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

        public Postgres {
            if (!SCHEMA.matcher(schema).matches()) {
                throw new IllegalArgumentException(
                        "database.postgres.schema: '%s' is not a schema name; use up to 63 of a-z, 0-9 and _, not starting with a digit"
                                .formatted(schema));
            }
            if (poolSize < 1) {
                throw new IllegalArgumentException(
                        "database.postgres.pool-size: must be 1 or more, but is %d".formatted(poolSize));
            }
        }
    }

    /**
     * Reads the section.
     *
     * @param database the configuration node {@code database}
     * @throws IllegalArgumentException naming the key, when a value is missing or can't be used
     */
    static DatabaseSettings from(Config database) {
        String kind = text(database, "kind");
        return switch (kind) {
            case "embedded" -> new Embedded(Path.of(text(database, "embedded.path")));
            case "postgres" ->
                new Postgres(
                        Path.of(text(database, "postgres.secret-dir")),
                        text(database, "postgres.schema"),
                        database.get("postgres.pool-size").asInt().orElse(10));
            default ->
                throw new IllegalArgumentException(
                        "database.kind: must be 'embedded' or 'postgres', but is '%s'".formatted(kind));
        };
    }

    private static String text(Config database, String key) {
        return database.get(key)
                .asString()
                .orElseThrow(() -> new IllegalArgumentException("database.%s: is required".formatted(key)));
    }
}
