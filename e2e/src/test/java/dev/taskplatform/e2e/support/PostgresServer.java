// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.e2e.support;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A PostgreSQL database for a platform under test, with a user who owns it. On the embedded cluster the server runs on
 * this machine, which is the node. For any other cluster the environment names a server that its pods can reach:
 * E2E_POSTGRES_HOST, _PORT, _DBNAME, _USERNAME and _PASSWORD.
 */
public final class PostgresServer implements BeforeAllCallback, AfterAllCallback {

    private static final String DATABASE = "app";

    private final TestNamespace namespace;
    private EmbeddedPostgres server;
    private Map<String, String> connection;

    public PostgresServer(TestNamespace namespace) {
        this.namespace = namespace;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException, SQLException {
        connection = Environment.current().embedded() ? start() : given();
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (server != null) {
            server.close();
        }
    }

    /** The port it listens on, which the platform's NetworkPolicy has to let through. */
    public String port() {
        return connection.get("port");
    }

    /** Writes the connection into a Secret of the form that CloudNativePG makes. */
    public void createSecret(String name) {
        KubernetesClient client = namespace.client();
        client.secrets()
                .inNamespace(namespace.name())
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .withStringData(connection)
                        .build())
                .create();
    }

    /** Gives the role another password, and then the Secret, as whoever rotates passwords does. */
    public void rotatePassword(String secret) throws SQLException {
        String password = newPassword();
        String url = "jdbc:postgresql://%s:%s/%s"
                .formatted(connection.get("host"), connection.get("port"), connection.get("dbname"));
        try (Connection own = DriverManager.getConnection(url, connection.get("username"), connection.get("password"));
                Statement statement = own.createStatement()) {
            statement.execute("ALTER ROLE CURRENT_USER PASSWORD '" + password + "'");
        }
        Map<String, String> rotated = new HashMap<>(connection);
        rotated.put("password", password);
        connection = Map.copyOf(rotated);
        namespace
                .client()
                .secrets()
                .inNamespace(namespace.name())
                .withName(secret)
                .edit(found -> {
                    found.setData(null);
                    found.setStringData(connection);
                    return found;
                });
    }

    private static String newPassword() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    private Map<String, String> start() throws IOException, SQLException {
        String password = newPassword();
        Path access = Files.createTempFile("pg_hba", ".conf");
        Files.writeString(access, """
                local all all trust
                host all postgres 127.0.0.1/32 trust
                host all all 0.0.0.0/0 scram-sha-256
                """);
        access.toFile().setReadable(true, false);
        server = EmbeddedPostgres.builder()
                .setServerConfig("listen_addresses", "*")
                .setServerConfig("hba_file", access.toString())
                .start();
        try (Connection admin = server.getPostgresDatabase().getConnection();
                Statement statement = admin.createStatement()) {
            statement.execute("CREATE ROLE " + DATABASE + " LOGIN PASSWORD '" + password + "'");
            statement.execute("CREATE DATABASE " + DATABASE + " OWNER " + DATABASE);
        }
        return connection(nodeAddress(), String.valueOf(server.getPort()), DATABASE, DATABASE, password);
    }

    private static Map<String, String> given() {
        return connection(
                System.getenv("E2E_POSTGRES_HOST"),
                System.getenv().getOrDefault("E2E_POSTGRES_PORT", "5432"),
                System.getenv("E2E_POSTGRES_DBNAME"),
                System.getenv("E2E_POSTGRES_USERNAME"),
                System.getenv("E2E_POSTGRES_PASSWORD"));
    }

    private static Map<String, String> connection(
            String host, String port, String dbname, String username, String password) {
        if (host == null || dbname == null || username == null || password == null) {
            throw new IllegalStateException(
                    "This cluster needs a PostgreSQL server for the tests: set E2E_POSTGRES_HOST, E2E_POSTGRES_DBNAME,"
                            + " E2E_POSTGRES_USERNAME and E2E_POSTGRES_PASSWORD (and E2E_POSTGRES_PORT, if not 5432).");
        }
        return Map.of("host", host, "port", port, "dbname", dbname, "username", username, "password", password);
    }

    private String nodeAddress() {
        return namespace.client().nodes().list().getItems().getFirst().getStatus().getAddresses().stream()
                .filter(address -> address.getType().equals("InternalIP"))
                .findFirst()
                .orElseThrow()
                .getAddress();
    }
}
