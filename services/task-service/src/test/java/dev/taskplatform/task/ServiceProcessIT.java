// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.contract.OpenApiContract;
import dev.taskplatform.kit.process.ServiceProcess;
import dev.taskplatform.kit.process.ServiceProcessTests;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;

/** The service's process: its start, its end, and what it logs. */
class ServiceProcessIT extends ServiceProcessTests {
    private static final OpenApiContract CONTRACT = OpenApiContract.load();

    private final FakeUserService users = new FakeUserService(InstantSource.system());
    private final String token = users.token(users.register("ann", "in-the-query"), "ann");

    @AfterEach
    void stop() {
        users.close();
    }

    static Stream<Arguments> wrongSettings() {
        return Stream.of(
                Arguments.of("SERVER_PORT", "many", "server.port"),
                Arguments.of("DATABASE_KIND", "paper", "database.kind"),
                Arguments.of("DATABASE_EMBEDDED_PATH", "/dev/null/tasks.db", "database.embedded.path"),
                Arguments.of("USER_dash_SERVICE_URL", "users", "user-service.url"),
                Arguments.of("USER_dash_SERVICE_TIMEOUT", "soon", "user-service.timeout"),
                Arguments.of("LOG_LEVEL", "LOUD", "log.level"),
                Arguments.of("IDEMPOTENCY_RETENTION", "PT1S", "idempotency.retention"));
    }

    @Override
    protected ServiceProcess start(Map<String, String> more) throws IOException {
        Map<String, String> settings = new HashMap<>(Map.of(
                "DATABASE_EMBEDDED_PATH", directory.resolve("tasks.db").toString(),
                "ISSUER", FakeUserService.ISSUER,
                "USER_dash_SERVICE_URL", users.url()));
        settings.putAll(more);
        return ServiceProcess.start(Main.class, settings);
    }

    @Override
    protected void use(int port) {
        try (ApiClient client = new ApiClient(port, CONTRACT)) {
            assertThat(create(client, "t").status()).isEqualTo(201);
        }
    }

    @Test
    void neverLogsPasswordsTokensOrTasks() throws Exception {
        try (ServiceProcess process = start(Map.of("LOG_LEVEL", "TRACE", "COMPATIBILITY_SIMPLE_dash_API", "true"))) {
            try (ApiClient client = new ApiClient(process.awaitPort(), CONTRACT)) {
                assertThat(create(client, "buy flowers").status()).isEqualTo(201);
                assertThat(client.get("/tasks/ann?password=in-the-query").send().status())
                        .isEqualTo(200);
                users.mood(FakeUserService.Mood.FAILS);
                assertThat(client.get("/tasks/ann?password=in-the-query").send().status())
                        .isEqualTo(503);
            }
            process.terminate();
            process.awaitEnd();

            String log = process.log().toString();
            assertThat(log).contains("/v1/tasks", "/tasks/ann", "compatibility.simple-api is true");
            assertThat(log).doesNotContain("in-the-query", token, "flowers");
        }
    }

    private ApiResponse create(ApiClient client, String title) {
        return client.post("/v1/tasks", "{\"title\": \"%s\"}".formatted(title))
                .bearer(token)
                .send();
    }
}
