// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A real PostgreSQL for tests, started once for all of a run. */
public final class PostgresServer implements AutoCloseable {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(PostgresServer.class);

    private final EmbeddedPostgres server;

    private PostgresServer() {
        try {
            // Durability is the server's own matter; without it the tests are fast.
            server = EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "off")
                    .setServerConfig("synchronous_commit", "off")
                    .setServerConfig("full_page_writes", "off")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL for the tests doesn't start", e);
        }
    }

    /** The one of this run; JUnit stops it at the end. */
    public static PostgresServer shared(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(PostgresServer.class, key -> new PostgresServer(), PostgresServer.class);
    }

    /** A new, empty database with an owner who is no superuser. */
    public DatabaseUnderTest newDatabase() {
        return newDatabase(server.getPort());
    }

    /** As {@link #newDatabase()}, reached through another port. */
    public DatabaseUnderTest newDatabase(int port) {
        String name = "t" + UUID.randomUUID().toString().replace("-", "");
        execute("CREATE ROLE %s LOGIN PASSWORD 'first'".formatted(name));
        execute("CREATE DATABASE %1$s OWNER %1$s".formatted(name));
        return DatabaseUnderTest.postgres("localhost", port, name, name, "first");
    }

    /** Where it listens. */
    public int port() {
        return server.getPort();
    }

    /** Runs a statement as superuser. */
    public void execute(String sql) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
