// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.OpenApiContract;
import dev.taskplatform.kit.process.ServiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The service's process: its start, its end, and its end without warning. */
class ServiceProcessIT {
    private static final OpenApiContract CONTRACT = OpenApiContract.load();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int WRITERS = 4;
    private static final int ACKNOWLEDGED_BEFORE_KILL = 40;

    @TempDir
    private Path directory;

    @Test
    void endsInOrderOnSigterm() throws Exception {
        try (ServiceProcess process = start(Map.of())) {
            try (ApiClient client = new ApiClient(process.awaitPort(), CONTRACT)) {
                assertThat(register(client, "ann")).isEqualTo(201);
            }
            process.terminate();

            assertThat(process.awaitEnd()).isZero();
            assertThat(messages(process)).last().isEqualTo("Stopped");
            assertThat(process.log()).noneMatch(record -> record.has("exception"));
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

    @ParameterizedTest
    @CsvSource({
        "SERVER_PORT,many,server.port",
        "DATABASE_KIND,paper,database.kind",
        "KEYS_ENCRYPTION_dash_KEY_dash_FILE,/nowhere/key,keys.encryption-key-file",
        "PASSWORD_MIN_dash_LENGTH,0,password.min-length",
        "TOKEN_ACCESS_dash_LIFETIME,soon,token.access-lifetime",
        "LOG_LEVEL,LOUD,log.level",
        "REGISTRATION_MODE,sometimes,registration.mode",
        "ADMIN_BOOTSTRAP_USERNAME,me,admin.bootstrap.username",
        "ADMIN_BOOTSTRAP_USERNAME,chief,admin.bootstrap.password-file"
    })
    void namesTheSettingItCannotStartWith(String variable, String value, String setting) throws Exception {
        try (ServiceProcess process = start(Map.of(variable, value))) {
            assertThat(process.awaitEnd()).isEqualTo(1);
            assertThat(messages(process)).last().asString().contains("cannot start", setting);
            assertThat(process.log()).noneMatch(record -> record.has("exception"));
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
                await().until(() -> process.log().stream()
                        .anyMatch(record -> record.path("level").asText().equals("DEBUG")));
            }
            process.terminate();
            assertThat(process.awaitEnd()).isZero();
            assertThat(messages(process)).last().isEqualTo("Stopped");
        }
    }

    @Test
    void keepsWhatItAcknowledgedWhenItIsKilled() throws Exception {
        ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
        try (ServiceProcess process = start(Map.of());
                ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
            int port = process.awaitPort();
            AtomicInteger next = new AtomicInteger();
            CountDownLatch enough = new CountDownLatch(ACKNOWLEDGED_BEFORE_KILL);
            for (int i = 0; i < WRITERS; i++) {
                writers.submit(() -> {
                    try (ApiClient client = new ApiClient(port, CONTRACT)) {
                        while (true) {
                            String username = "user" + next.incrementAndGet();
                            if (register(client, username) == 201) {
                                acknowledged.add(username);
                            }
                            enough.countDown();
                        }
                    } catch (UncheckedIOException e) {
                        // The process is gone.
                    }
                });
            }
            enough.await();
            process.kill();
        }
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(ACKNOWLEDGED_BEFORE_KILL - WRITERS);

        try (ServiceProcess again = start(Map.of());
                ApiClient client = new ApiClient(again.awaitPort(), CONTRACT)) {
            assertThat(acknowledged)
                    .allSatisfy(username -> assertThat(client.post("/v1/sessions", credentials(username))
                                    .send()
                                    .status())
                            .isEqualTo(201));
        }
    }

    /** With cheap passwords. */
    private ServiceProcess start(Map<String, String> more) throws IOException {
        Path key = directory.resolve("encryption-key");
        if (Files.notExists(key)) {
            Files.writeString(key, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
        }
        Map<String, String> settings = new HashMap<>(Map.of(
                "DATABASE_EMBEDDED_PATH",
                directory.resolve("users.db").toString(),
                "KEYS_ENCRYPTION_dash_KEY_dash_FILE",
                key.toString(),
                "PASSWORD_ARGON2_MEMORY_dash_KIB",
                "64",
                "PASSWORD_ARGON2_ITERATIONS",
                "1"));
        settings.putAll(more);
        return ServiceProcess.start(Main.class, settings);
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

    private static List<String> messages(ServiceProcess process) {
        return process.log().stream()
                .map(record -> record.path("message"))
                .map(JsonNode::asText)
                .toList();
    }
}
