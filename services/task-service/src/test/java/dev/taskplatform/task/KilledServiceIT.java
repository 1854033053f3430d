// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.kit.process.KilledServiceTests;
import dev.taskplatform.kit.process.ServiceProcess;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** Tasks when the service is killed. */
@OnEveryDatabase
class KilledServiceIT extends KilledServiceTests {
    private static final int ANSWERS_BEFORE_KILL = 200;

    private final FakeUserService users = new FakeUserService(InstantSource.system());
    private final String token = users.token(users.register("ann", "a password"), "ann");

    KilledServiceIT(DatabaseUnderTest underTest) {
        super(underTest, ANSWERS_BEFORE_KILL);
    }

    @AfterEach
    void stop() {
        users.close();
    }

    @Override
    protected ServiceProcess start(Map<String, String> database) throws IOException {
        Map<String, String> settings =
                new HashMap<>(Map.of("ISSUER", FakeUserService.ISSUER, "USER_dash_SERVICE_URL", users.url()));
        settings.putAll(database);
        return ServiceProcess.start(Main.class, settings);
    }

    @Override
    protected Optional<String> make(ApiClient client, int number) {
        ApiResponse made = client.post("/v1/tasks", "{\"title\": \"task %d\"}".formatted(number))
                .bearer(token)
                .header("Idempotency-Key", Integer.toString(number))
                .send();
        return made.status() == 201 ? made.header("Location") : Optional.empty();
    }

    @Override
    protected boolean isThere(ApiClient client, int number, String path) {
        return client.get(path)
                .bearer(token)
                .send()
                .json()
                .path("title")
                .asText()
                .equals("task " + number);
    }

    @Override
    protected void assertWhole(Database database) {
        assertThat(count(database, "SELECT count(*) FROM idempotency_key WHERE answer IS NOT NULL"))
                .isEqualTo(count(database, "SELECT count(*) FROM task"));
    }

    private static int count(Database database, String sql) {
        return database.read(
                handle -> handle.createQuery(sql).mapTo(Integer.class).one());
    }
}
