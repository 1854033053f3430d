// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.contract.OpenApiContract;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseSettings;
import dev.taskplatform.kit.process.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that is full while the service works. The kernel lets the process make no file longer than a limit, which is as
 * near to a full disk as one comes without making a file system.
 */
class FullDiskIT {
    private static final OpenApiContract CONTRACT = OpenApiContract.load();
    private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void nameFile() {
        assumeThat(PRLIMIT).as("what limits a process").isExecutable();
        file = directory.resolve("users.db");
    }

    @Test
    void goesOnReadingAndWritesAgainWhenThereIsSpace() throws Exception {
        int registered = 0;
        try (ServiceProcess process =
                        UserServiceProcess.start(directory, Map.of("DATABASE_EMBEDDED_PATH", file.toString()));
                ApiClient client = new ApiClient(process.awaitPort(), CONTRACT)) {
            assertThat(register(client, registered++).status()).isEqualTo(201);
            String token =
                    ApiTest.token(client.post("/v1/sessions", credentials(0)).send());

            limitFiles(process, Long.toString(longestFile() + 32 * 1024));
            ApiResponse refused = register(client, registered);
            while (refused.status() == 201) {
                refused = register(client, ++registered);
            }

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Retry-After")).isPresent();
            for (int i = 0; i < 5; i++) {
                assertThat(register(client, registered).status()).isEqualTo(503);
                assertThat(client.get("/v1/users/me").bearer(token).send().status())
                        .isEqualTo(200);
            }

            limitFiles(process, "unlimited");
            int next = registered;
            await().atMost(PATIENCE).until(() -> register(client, next).status() == 201);
            registered++;
            assertThat(client.post("/v1/sessions", credentials(next)).send().status())
                    .isEqualTo(201);
            process.terminate();
            assertThat(process.awaitEnd()).isZero();
        }
        try (Database kept = Database.open(new DatabaseSettings.Embedded(file))) {
            assertThat(count(kept, "SELECT count(*) FROM account")).isEqualTo(registered);
            assertThat(count(kept, "SELECT count(*) FROM audit_entry WHERE kind = 'account.registered'"))
                    .isEqualTo(registered);
            assertThat(kept.<String, RuntimeException>read(handle -> handle.createQuery("PRAGMA integrity_check")
                            .mapTo(String.class)
                            .one()))
                    .isEqualTo("ok");
        }
    }

    private long longestFile() throws IOException {
        long longest = 0;
        for (String suffix : new String[] {"", "-wal", "-shm"}) {
            longest = Math.max(longest, Files.size(Path.of(file + suffix)));
        }
        return longest;
    }

    /** The soft limit alone, which the process's owner may raise again. */
    private static void limitFiles(ServiceProcess process, String bytes) throws Exception {
        Process prlimit = new ProcessBuilder(
                        PRLIMIT.toString(), "--pid", Long.toString(process.pid()), "--fsize=" + bytes + ":")
                .inheritIO()
                .start();
        assertThat(prlimit.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(prlimit.exitValue()).isZero();
    }

    private static ApiResponse register(ApiClient client, int number) {
        return client.post("/v1/users", credentials(number)).send();
    }

    private static String credentials(int number) {
        return ApiTest.credentials("user" + number, ApiTest.PASSWORD);
    }

    private static int count(Database database, String sql) {
        return database.read(
                handle -> handle.createQuery(sql).mapTo(Integer.class).one());
    }
}
