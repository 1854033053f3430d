// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.OpenApiContract;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.process.ServiceProcess;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while it deletes accounts leaves each of them whole, or gone with all that tells of it. */
class DeletionCrashIT {
    private static final OpenApiContract CONTRACT = OpenApiContract.load();
    private static final int USERS = 60;
    private static final int ACKNOWLEDGED_BEFORE_KILL = 15;
    private static final int AT_ONCE = 4;

    @TempDir
    private Path directory;

    @Test
    void leavesNothingHalfMade() throws Exception {
        ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
        List<String> users = new ArrayList<>();
        try (DatabaseUnderTest database = DatabaseUnderTest.embedded()) {
            try (ServiceProcess process = start(database);
                    ExecutorService executor = Executors.newFixedThreadPool(AT_ONCE)) {
                int port = process.awaitPort();
                List<String> tokens = new ArrayList<>();
                try (ApiClient client = new ApiClient(port, CONTRACT)) {
                    for (int i = 0; i < USERS; i++) {
                        String credentials = ApiTest.credentials("leaver" + i, ApiTest.PASSWORD);
                        users.add(client.post("/v1/users", credentials)
                                .send()
                                .json()
                                .get("id")
                                .asText());
                        tokens.add(ApiTest.token(
                                client.post("/v1/sessions", credentials).send()));
                    }
                }
                CountDownLatch enough = new CountDownLatch(ACKNOWLEDGED_BEFORE_KILL);
                for (int i = 0; i < USERS; i++) {
                    int number = i;
                    executor.submit(() -> {
                        try (ApiClient client = new ApiClient(port, CONTRACT)) {
                            int status = client.post(
                                            "/v1/users/me/deletion", "{\"password\": \"" + ApiTest.PASSWORD + "\"}")
                                    .bearer(tokens.get(number))
                                    .send()
                                    .status();
                            if (status == 202) {
                                acknowledged.add(users.get(number));
                            }
                            enough.countDown();
                        } catch (UncheckedIOException e) {
                            // The process is gone.
                        }
                    });
                }
                enough.await();
                process.kill();
            }
            try (Database left = database.open()) {
                for (String user : users) {
                    int account = count(left, "SELECT count(*) FROM account WHERE id = :user", user);
                    assertThat(count(left, "SELECT count(*) FROM session WHERE user_id = :user", user))
                            .isEqualTo(account);
                    assertThat(account)
                            .isEqualTo(1 - count(left, "SELECT count(*) FROM deletion WHERE user_id = :user", user))
                            .isEqualTo(1
                                    - count(
                                            left,
                                            "SELECT count(*) FROM event WHERE user_id = :user AND type = 'user.deleted'",
                                            user))
                            .isEqualTo(1
                                    - count(
                                            left,
                                            "SELECT count(*) FROM audit_entry WHERE user_id = :user AND kind = 'account.deleted'",
                                            user));
                }
                assertThat(acknowledged)
                        .hasSizeBetween(ACKNOWLEDGED_BEFORE_KILL, USERS)
                        .allSatisfy(
                                user -> assertThat(count(left, "SELECT count(*) FROM account WHERE id = :user", user))
                                        .isZero());
            }
        }
    }

    @Test
    void doesNotStartWithAnAdministratorsPasswordThatIsGuessedFirst() throws Exception {
        Path password = Files.writeString(directory.resolve("password"), "password1\n");
        try (DatabaseUnderTest database = DatabaseUnderTest.embedded();
                ServiceProcess process = ServiceProcess.start(
                        Main.class,
                        Map.of(
                                "DATABASE_EMBEDDED_PATH", database.settings().get("database.embedded.path"),
                                "KEYS_ENCRYPTION_dash_KEY_dash_FILE", encryptionKey(),
                                "ADMIN_BOOTSTRAP_USERNAME", "chief",
                                "ADMIN_BOOTSTRAP_PASSWORD_dash_FILE", password.toString()))) {
            assertThat(process.awaitEnd()).isEqualTo(1);
            assertThat(process.log().getLast().path("message").asText())
                    .contains("cannot start", "admin.bootstrap.password-file");
            assertThat(process.log().toString()).doesNotContain("password1");
        }
    }

    private ServiceProcess start(DatabaseUnderTest database) throws Exception {
        return ServiceProcess.start(
                Main.class,
                Map.of(
                        "DATABASE_EMBEDDED_PATH", database.settings().get("database.embedded.path"),
                        "KEYS_ENCRYPTION_dash_KEY_dash_FILE", encryptionKey(),
                        "PASSWORD_ARGON2_MEMORY_dash_KIB", "64",
                        "PASSWORD_ARGON2_ITERATIONS", "1",
                        "RATE_REQUESTS_dash_PER_dash_SECOND", "0"));
    }

    private String encryptionKey() throws Exception {
        return Files.writeString(directory.resolve("encryption-key"), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")
                .toString();
    }

    private static int count(Database database, String sql, String user) {
        return database.read(handle ->
                handle.createQuery(sql).bind("user", user).mapTo(Integer.class).one());
    }
}
