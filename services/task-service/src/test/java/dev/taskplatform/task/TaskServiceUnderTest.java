// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.OpenApiContract;
import dev.taskplatform.kit.server.LiveConfig;
import dev.taskplatform.kit.server.ServiceConfig;
import dev.taskplatform.kit.server.ServiceServer;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** The whole service on free ports, and a client that holds it to its document. */
final class TaskServiceUnderTest implements AutoCloseable {
    private final ServiceServer server;
    private final ApiClient client;
    private final ApiClient observer;

    private TaskServiceUnderTest(ServiceServer server, OpenApiContract contract) {
        this.server = server;
        this.client = new ApiClient(server.port(), contract);
        this.observer = new ApiClient(server.observePort(), contract);
    }

    /**
     * Starts it.
     *
     * @param database settings of the database
     * @param userService address of the user service
     * @param more settings beside those of every test
     */
    static TaskServiceUnderTest start(
            Map<String, String> database,
            String userService,
            Map<String, String> more,
            Clock clock,
            OpenApiContract contract) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "server.host", "127.0.0.1",
                "server.port", "0",
                "server.observe.port", "0",
                "server.drain", "PT0S",
                "issuer", FakeUserService.ISSUER,
                "user-service.url", userService));
        settings.putAll(database);
        settings.putAll(more);
        return new TaskServiceUnderTest(
                Main.server(LiveConfig.of(ServiceConfig.of(settings)), clock).start(), contract);
    }

    ServiceServer server() {
        return server;
    }

    ApiClient client() {
        return client;
    }

    /** A client of the observing port, whose routes are in no document. */
    ApiClient observer() {
        return observer;
    }

    @Override
    public void close() {
        client.close();
        observer.close();
        server.stop();
    }
}
