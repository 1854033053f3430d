// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A PostgreSQL that comes late, goes, hangs and comes back, and a Secret that changes. */
class PostgresOutageTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @RegisterExtension
    static final Server SERVER = new Server();

    private TcpProxy proxy;
    private DatabaseUnderTest underTest;

    @BeforeEach
    void prepare() throws Exception {
        proxy = new TcpProxy(SERVER.postgres.port());
        underTest = SERVER.postgres.newDatabase(proxy.port());
    }

    @AfterEach
    void cleanUp() throws Exception {
        proxy.close();
        underTest.close();
    }

    @Test
    void mayComeAfterTheService() throws Exception {
        try (Database database = NoteMigrations.using(underTest::open)) {
            assertThat(database.isHealthy()).isFalse();
            assertThatThrownBy(() -> count(database)).isInstanceOf(DatabaseUnavailableException.class);

            proxy.connect();

            awaitHealth(database);
            assertThat(count(database)).isZero();
        }
    }

    @Test
    void mayGoAndComeBack() throws Exception {
        proxy.connect();
        try (Database database = NoteMigrations.using(underTest::open)) {
            assertThat(count(database)).isZero();

            proxy.disconnect();
            assertThatThrownBy(() -> count(database)).isInstanceOf(DatabaseUnavailableException.class);
            await().atMost(PATIENCE).until(() -> !database.isHealthy());

            proxy.connect();
            awaitHealth(database);
            assertThat(count(database)).isZero();
        }
    }

    @Test
    void mayFallSilent() throws Exception {
        proxy.connect();
        try (Database database = NoteMigrations.using(underTest::open)) {
            assertThat(count(database)).isZero();

            proxy.fallSilent();
            assertThatThrownBy(() -> count(database)).isInstanceOf(DatabaseUnavailableException.class);
            await().atMost(PATIENCE).until(() -> !database.isHealthy());

            proxy.disconnect();
            proxy.connect();
            awaitHealth(database);
        }
    }

    @Test
    void mayChangeItsPassword() throws Exception {
        proxy.connect();
        try (Database database = NoteMigrations.using(underTest::open)) {
            SERVER.postgres.execute("ALTER ROLE %s PASSWORD 'second'".formatted(underTest.username()));
            proxy.disconnect();
            proxy.connect();
            // What the Secret says is no longer true; a rotation has such a moment.
            await().atMost(PATIENCE).until(() -> !database.isHealthy());

            underTest.writeSecret("password", "second\n");

            awaitHealth(database);
        }
    }

    @Test
    void mayCancelAStatementThatTakesTooLong() throws Exception {
        proxy.connect();
        try (Database database = NoteMigrations.using(underTest::open)) {
            assertThatThrownBy(() -> database.read(handle -> handle.execute("SELECT pg_sleep(600)")))
                    .isInstanceOf(DatabaseUnavailableException.class)
                    .hasMessageContaining("statement timeout");
        }
    }

    @Test
    void mustBeNamedCompletely() throws Exception {
        Files.delete(underTest.directory().resolve("dbname"));

        assertThatThrownBy(() -> NoteMigrations.using(underTest::open))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(underTest.directory().resolve("dbname").toString());
    }

    @Test
    void mustHaveNoEmptyName() throws Exception {
        underTest.writeSecret("host", "\n");

        assertThatThrownBy(() -> NoteMigrations.using(underTest::open))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(underTest.directory().resolve("host").toString());
    }

    private static void awaitHealth(Database database) {
        await().atMost(PATIENCE).until(database::isHealthy);
    }

    private static int count(Database database) {
        return database.read(handle -> handle.createQuery("SELECT count(*) FROM note")
                .mapTo(Integer.class)
                .one());
    }

    static final class Server implements BeforeAllCallback {
        private PostgresServer postgres;

        @Override
        public void beforeAll(ExtensionContext context) {
            postgres = PostgresServer.shared(context);
        }
    }
}
