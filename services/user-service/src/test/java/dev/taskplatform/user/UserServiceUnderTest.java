// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.OpenApiContract;
import dev.taskplatform.kit.server.LiveConfig;
import dev.taskplatform.kit.server.ServiceConfig;
import dev.taskplatform.kit.server.ServiceServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The whole service on free ports, with cheap passwords, and a client that holds it to its document. */
final class UserServiceUnderTest implements AutoCloseable {
    static final String ISSUER = "https://users.test";

    private final ServiceServer server;
    private final ApiClient client;

    private final LiveConfig config;
    private final Clock clock;

    private UserServiceUnderTest(LiveConfig config, Clock clock, OpenApiContract contract) {
        this.config = config;
        this.clock = clock;
        this.server = Main.server(config, clock).start();
        this.client = new ApiClient(server.port(), contract);
    }

    /**
     * Starts it.
     *
     * @param database settings of the database
     * @param more settings beside those of every test
     */
    static UserServiceUnderTest start(
            Map<String, String> database, Map<String, String> more, Clock clock, OpenApiContract contract) {
        return new UserServiceUnderTest(config(database, more), clock, contract);
    }

    /** The configuration that {@link #start} starts it with. */
    static LiveConfig config(Map<String, String> database, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "server.host", "127.0.0.1",
                "server.port", "0",
                "server.observe.port", "0",
                "server.drain", "PT0S",
                "issuer", ISSUER,
                "keys.encryption-key-file", encryptionKey().toString(),
                "password.argon2.memory-kib", "64",
                "password.argon2.iterations", "1",
                "rate.requests-per-second", "0"));
        settings.putAll(database);
        settings.putAll(more);
        return LiveConfig.of(ServiceConfig.of(settings));
    }

    /** Of all replicas in a test run: they share it through a Secret. */
    private static Path encryptionKey() {
        try {
            Path file = Files.createTempFile("encryption-key", "");
            file.toFile().deleteOnExit();
            return Files.writeString(file, Base64.getEncoder().encodeToString(new byte[32]) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ServiceServer server() {
        return server;
    }

    ApiClient client() {
        return client;
    }

    /** The own token of a client, as another replica of the service would issue it. */
    String clientToken(String clientId, String... scope) {
        Essentials replica = Essentials.of(config, clock);
        try {
            return new KeyWiring(replica)
                    .tokens()
                    .issueToClient(clientId, Set.of(scope))
                    .accessToken();
        } finally {
            replica.database().close();
        }
    }

    @Override
    public void close() {
        client.close();
        server.stop();
    }
}
