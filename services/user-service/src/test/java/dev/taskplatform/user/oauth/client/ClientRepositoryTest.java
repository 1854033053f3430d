// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.OnEveryDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every database must do for clients. */
@OnEveryDatabase
class ClientRepositoryTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");

    private final DatabaseUnderTest underTest;
    private Database database;
    private ClientRepository clients;

    ClientRepositoryTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @BeforeEach
    void open() {
        database = underTest.open();
        database.write(handle -> handle.execute("DELETE FROM oauth_client"));
        clients = new DatabaseClientRepository(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void findsWhatWasAdded() {
        Client web = client("web", 1);
        assertThat(clients.add(web)).isTrue();
        assertThat(clients.add(client("web", 1))).isFalse();

        assertThat(clients.find("web")).contains(web);
        assertThat(clients.find("Web")).isEmpty();
    }

    @Test
    void listsById() {
        List.of("b", "a", "d", "c").forEach(id -> clients.add(client(id + "-client", 1)));

        assertThat(clients.list(Optional.empty(), 2)).extracting(Client::id).containsExactly("a-client", "b-client");
        assertThat(clients.list(Optional.of("b-client"), 5))
                .extracting(Client::id)
                .containsExactly("c-client", "d-client");
    }

    @Test
    void letsOneOfManyUpdate() throws Exception {
        clients.add(client("web", 1));
        try (Database other = underTest.open();
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> attempts = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                attempts.add(() -> clients.update(client("web", 2), 1));
                attempts.add(() -> new DatabaseClientRepository(other).update(client("web", 2), 1));
            }
            List<Boolean> won = new ArrayList<>();
            for (Future<Boolean> attempt : executor.invokeAll(attempts)) {
                won.add(attempt.get());
            }
            assertThat(won).containsOnlyOnce(true);
        }
    }

    @Test
    void keepsSecretsWithTheirEnds() {
        clients.add(client("web", 1));
        ClientSecret first = secret(1);
        ClientSecret second = secret(2);
        clients.addSecret("web", first);
        clients.addSecret("web", second);
        clients.endOtherSecrets("web", second, NOON.plusSeconds(60));

        List<ClientSecret> secrets = clients.secrets("web");
        assertThat(secrets).extracting(ClientSecret::id).containsExactly(second.id(), first.id());
        assertThat(secrets.getLast().expiresAt()).contains(NOON.plusSeconds(60));
        assertThat(secrets.getFirst().hash()).isEqualTo(second.hash());

        clients.endOtherSecrets("web", second, NOON.plusSeconds(90));
        assertThat(clients.secrets("web").getLast().expiresAt()).contains(NOON.plusSeconds(60));
        clients.removeSecretsEndedBy("web", NOON.plusSeconds(60));
        assertThat(clients.secrets("web")).hasSize(1);
    }

    @Test
    void removesSecretsWithTheirClient() {
        clients.add(client("web", 1));
        clients.addSecret("web", secret(1));

        assertThat(clients.remove("web", 2)).isFalse();
        assertThat(clients.remove("web", 1)).isTrue();
        assertThat(clients.secrets("web")).isEmpty();
    }

    private static ClientSecret secret(int number) {
        return new ClientSecret(new UUID(0x7000L, number), new byte[] {(byte) number}, NOON, Optional.empty());
    }

    private static Client client(String id, long version) {
        return new Client(
                id,
                "Größe",
                ClientType.CONFIDENTIAL,
                List.of(new RedirectUri("https://a.example/cb"), new RedirectUri("http://127.0.0.1/cb")),
                Set.of(GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN),
                Set.of("openid", "tasks"),
                true,
                IdTokenAlgorithm.ES256,
                version,
                NOON,
                NOON);
    }
}
