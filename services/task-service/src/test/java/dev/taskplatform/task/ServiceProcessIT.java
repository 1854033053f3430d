// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.contract.OpenApiContract;
import dev.taskplatform.kit.process.ServiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The service's process: its start, its end, and its end without warning. */
class ServiceProcessIT {
    private static final OpenApiContract CONTRACT = OpenApiContract.load();
    private static final int WRITERS = 4;
    private static final int WRITES_BEFORE_KILL = 200;

    private final FakeUserService users = new FakeUserService(InstantSource.system());
    private final String token = users.token(users.register("ann", "in-the-query"), "ann");

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        users.close();
    }

    @Test
    void endsInOrderOnSigterm() throws Exception {
        try (ServiceProcess process = start(Map.of())) {
            try (ApiClient client = new ApiClient(process.awaitPort(), CONTRACT)) {
                assertThat(create(client, "t").status()).isEqualTo(201);
            }
            process.terminate();

            assertThat(process.awaitEnd()).isZero();
            assertThat(messages(process)).last().isEqualTo("Stopped");
            assertThat(process.log()).noneMatch(record -> record.has("exception"));
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

    @ParameterizedTest
    @CsvSource({
        "SERVER_PORT,many,server.port",
        "DATABASE_KIND,paper,database.kind",
        "DATABASE_EMBEDDED_PATH,/dev/null/tasks.db,database.embedded.path",
        "USER_dash_SERVICE_URL,users,user-service.url",
        "USER_dash_SERVICE_TIMEOUT,soon,user-service.timeout",
        "LOG_LEVEL,LOUD,log.level"
    })
    void namesTheSettingItCannotStartWith(String variable, String value, String setting) throws Exception {
        try (ServiceProcess process = start(Map.of(variable, value))) {
            assertThat(process.awaitEnd()).isEqualTo(1);
            assertThat(messages(process)).last().asString().contains("cannot start", setting);
            assertThat(process.log()).noneMatch(record -> record.has("exception"));
        }
    }

    @Test
    void keepsWhatItAcknowledgedWhenItIsKilled() throws Exception {
        Map<String, String> acknowledged = new ConcurrentHashMap<>();
        try (ServiceProcess process = start(Map.of());
                ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
            int port = process.awaitPort();
            AtomicInteger next = new AtomicInteger();
            CountDownLatch enough = new CountDownLatch(WRITES_BEFORE_KILL);
            for (int i = 0; i < WRITERS; i++) {
                writers.submit(() -> {
                    try (ApiClient client = new ApiClient(port, CONTRACT)) {
                        while (true) {
                            String title = "task " + next.incrementAndGet();
                            ApiResponse made = create(client, title);
                            if (made.status() == 201) {
                                acknowledged.put(made.header("Location").orElseThrow(), title);
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
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(WRITES_BEFORE_KILL - WRITERS);

        try (ServiceProcess again = start(Map.of());
                ApiClient client = new ApiClient(again.awaitPort(), CONTRACT)) {
            assertThat(acknowledged)
                    .allSatisfy((location, title) -> assertThat(client.get(location)
                                    .bearer(token)
                                    .send()
                                    .json()
                                    .path("title")
                                    .asText())
                            .isEqualTo(title));
        }
    }

    private ServiceProcess start(Map<String, String> more) throws IOException {
        Map<String, String> settings = new HashMap<>(Map.of(
                "DATABASE_EMBEDDED_PATH", directory.resolve("tasks.db").toString(),
                "ISSUER", FakeUserService.ISSUER,
                "USER_dash_SERVICE_URL", users.url()));
        settings.putAll(more);
        return ServiceProcess.start(Main.class, settings);
    }

    private ApiResponse create(ApiClient client, String title) {
        return client.post("/v1/tasks", "{\"title\": \"%s\"}".formatted(title))
                .bearer(token)
                .send();
    }

    private static List<String> messages(ServiceProcess process) {
        return process.log().stream()
                .map(record -> record.path("message"))
                .map(JsonNode::asText)
                .toList();
    }
}
