// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.OpenApiContract;
import dev.taskplatform.kit.process.ServiceProcess;
import dev.taskplatform.kit.process.ServiceProcessTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;

/** The service's process: its start, its end, what it logs, and settings that change under it. */
class ServiceProcessIT extends ServiceProcessTests {
    private static final OpenApiContract CONTRACT = OpenApiContract.load();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    static Stream<Arguments> wrongSettings() {
        return Stream.of(
                Arguments.of("SERVER_PORT", "many", "server.port"),
                Arguments.of("DATABASE_KIND", "paper", "database.kind"),
                Arguments.of("KEYS_ENCRYPTION_dash_KEY_dash_FILE", "/nowhere/key", "keys.encryption-key-file"),
                Arguments.of("PASSWORD_MIN_dash_LENGTH", "0", "password.min-length"),
                Arguments.of("TOKEN_ACCESS_dash_LIFETIME", "soon", "token.access-lifetime"),
                Arguments.of("IDEMPOTENCY_RETENTION", "PT1S", "idempotency.retention"),
                Arguments.of("EVENT_RETENTION", "PT0S", "event.retention"),
                Arguments.of("AUDIT_RETENTION", "PT1H", "audit.retention"),
                Arguments.of("REGISTRATION_MODE", "sometimes", "registration.mode"),
                Arguments.of("ADMIN_BOOTSTRAP_USERNAME", "me", "admin.bootstrap.username"),
                Arguments.of("ADMIN_BOOTSTRAP_USERNAME", "chief", "admin.bootstrap.password-file"),
                Arguments.of("LOG_LEVEL", "LOUD", "log.level"));
    }

    @Override
    protected ServiceProcess start(Map<String, String> more) throws IOException {
        Map<String, String> settings = new HashMap<>(
                Map.of("DATABASE_EMBEDDED_PATH", directory.resolve("users.db").toString()));
        settings.putAll(more);
        return UserServiceProcess.start(directory, settings);
    }

    @Override
    protected void use(int port) {
        try (ApiClient client = new ApiClient(port, CONTRACT)) {
            assertThat(register(client, "ann")).isEqualTo(201);
        }
    }

    @Test
    void neverLogsPasswordsTokensOrQueries() throws Exception {
        try (ServiceProcess process = start(Map.of("LOG_LEVEL", "TRACE"))) {
            String token;
            try (ApiClient client = new ApiClient(process.awaitPort(), CONTRACT)) {
                register(client, "ann");
                token = client.post("/v1/sessions", credentials("ann"))
                        .send()
                        .json()
                        .get("access_token")
                        .asText();
                client.get("/v1/users/me?password=in-the-query").bearer(token).send();
            }
            process.terminate();
            process.awaitEnd();

            String log = process.log().toString();
            assertThat(log).contains("/v1/users/me");
            assertThat(log).doesNotContain("correct horse", "in-the-query", token, "$argon2id$");
        }
    }

    @Test
    void takesUpChangedSettings() throws Exception {
        Path file = Files.writeString(directory.resolve("application.yaml"), "token: {access-lifetime: PT10M}\n");
        try (ServiceProcess process = start(Map.of("TASKPLATFORM_CONFIG_FILE", file.toString()))) {
            try (ApiClient client = new ApiClient(process.awaitPort(), CONTRACT)) {
                register(client, "ann");
                assertThat(lifetime(client)).isEqualTo(600);

                Files.writeString(file, "token: {access-lifetime: P2D}\nlog: {level: DEBUG}\n");
                await().atMost(PATIENCE)
                        .until(() -> messages(process).stream()
                                .anyMatch(message ->
                                        message.contains("is refused") && message.contains("token.access-lifetime")));
                assertThat(lifetime(client)).isEqualTo(600);

                Files.writeString(file, "token: {access-lifetime: PT5M}\nlog: {level: DEBUG}\n");
                await().atMost(PATIENCE).until(() -> lifetime(client) == 300);
                await().atMost(PATIENCE)
                        .until(() -> process.log().stream()
                                .anyMatch(
                                        record -> record.path("level").asText().equals("DEBUG")));
            }
            process.terminate();
            assertThat(process.awaitEnd()).isZero();
            assertThat(messages(process)).last().isEqualTo("Stopped");
        }
    }

    /** Of a new access token, in seconds. */
    private static int lifetime(ApiClient client) {
        return client.post("/v1/sessions", credentials("ann"))
                .send()
                .json()
                .get("expires_in")
                .asInt();
    }

    private static int register(ApiClient client, String username) {
        return client.post("/v1/users", credentials(username)).send().status();
    }

    private static String credentials(String username) {
        return "{\"username\": \"%s\", \"password\": \"correct horse\"}".formatted(username);
    }
}
