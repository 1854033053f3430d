// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.kit.process.KilledServiceTests;
import dev.taskplatform.kit.process.ServiceProcess;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Registrations when the service is killed. */
@OnEveryDatabase
class KilledServiceIT extends KilledServiceTests {
    private static final int ANSWERS_BEFORE_KILL = 60;

    KilledServiceIT(DatabaseUnderTest underTest) {
        super(underTest, ANSWERS_BEFORE_KILL);
    }

    @Override
    protected ServiceProcess start(Map<String, String> database) throws IOException {
        return UserServiceProcess.start(directory, database);
    }

    @Override
    protected Optional<String> make(ApiClient client, int number) {
        ApiResponse made = client.post("/v1/users", credentials(number))
                .header("Idempotency-Key", Integer.toString(number))
                .send();
        return made.status() == 201 ? made.header("Location") : Optional.empty();
    }

    @Override
    protected boolean isThere(ApiClient client, int number, String path) {
        ApiResponse session = client.post("/v1/sessions", credentials(number)).send();
        return session.status() == 201
                && client.get(path).bearer(ApiTest.token(session)).send().status() == 200;
    }

    @Override
    protected void assertWhole(Database database) {
        List<UUID> accounts = ids(database, "SELECT id FROM account");
        assertThat(ids(database, "SELECT user_id FROM audit_entry WHERE kind = 'account.registered'"))
                .containsExactlyInAnyOrderElementsOf(accounts);
        assertThat(ids(database, "SELECT claim FROM idempotency_key WHERE answer IS NOT NULL"))
                .as("answers that are kept")
                .hasSameSizeAs(accounts);
    }

    private static List<UUID> ids(Database database, String sql) {
        return database.read(handle -> handle.createQuery(sql).mapTo(UUID.class).list());
    }

    private static String credentials(int number) {
        return ApiTest.credentials("user" + number, ApiTest.PASSWORD);
    }
}
