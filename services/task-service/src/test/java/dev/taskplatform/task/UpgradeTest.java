// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.contract.OpenApiContract;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.DatabaseUnderTest.Kind;
import dev.taskplatform.kit.database.OnEveryDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/** What people wrote with released versions of the service is there after an upgrade. */
@OnEveryDatabase
class UpgradeTest {
    /** The last of the versions that knew no lists. */
    private static final String WITHOUT_LISTS = "3";

    private final DatabaseUnderTest underTest;
    private final OpenApiContract contract = OpenApiContract.load();

    UpgradeTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @Test
    void whatWasTheirsIsInTheirInbox() throws Exception {
        UUID ann = UUID.randomUUID();
        UUID bob = UUID.randomUUID();
        UUID letter = UUID.randomUUID();
        write(letter, ann, "todo");
        write(UUID.randomUUID(), bob, "done");

        try (FakeUserService users = new FakeUserService(Clock.systemUTC());
                TaskServiceUnderTest service = TaskServiceUnderTest.start(
                        underTest.settings(), users.url(), Map.of(), Clock.systemUTC(), contract)) {
            ApiClient client = service.client();
            String token = users.token(ann, "ann");
            JsonNode tasks = client.get("/v1/tasks").bearer(token).send().json().get("items");
            assertThat(tasks).hasSize(1);
            JsonNode task = tasks.get(0);
            assertThat(task.get("id").asText()).isEqualTo(letter.toString());
            assertThat(task.get("listId").asText()).isEqualTo(ann.toString());
            assertThat(task.get("title").asText()).isEqualTo("Write a letter");
            assertThat(task.get("description").asText()).isEqualTo("By hand");
            assertThat(task.get("createdBy").asText()).isEqualTo(ann.toString());
            assertThat(task.has("completedAt")).isFalse();

            ApiResponse changed = client.request("PATCH", "/v1/tasks/" + letter)
                    .body(ApiTest.MERGE_PATCH, "{\"labels\": [\"mail\"]}")
                    .header("If-Match", "\"7\"")
                    .bearer(token)
                    .send();
            assertThat(changed.status()).isEqualTo(200);
            assertThat(client.post("/v1/tasks", "{\"title\": \"Post it\"}")
                            .bearer(token)
                            .send()
                            .json()
                            .get("listId")
                            .asText())
                    .isEqualTo(ann.toString());
            assertThat(client.get("/v1/tasks")
                            .bearer(users.token(bob, "bob"))
                            .send()
                            .json()
                            .at("/items/0")
                            .has("completedAt"))
                    .isTrue();
        }
    }

    private void write(UUID id, UUID owner, String status) throws Exception {
        Flyway released = underTest.migrations(WITHOUT_LISTS);
        released.migrate();
        String now = underTest.kind() == Kind.EMBEDDED ? "1770000000000000" : "now()";
        try (Connection connection = released.getConfiguration().getDataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO " + underTest.table("task")
                    + " (id, owner_id, title, description, status, version, created_at, updated_at)"
                    + " VALUES ('%s', '%s', 'Write a letter', 'By hand', '%s', 7, %s, %s)"
                            .formatted(id, owner, status, now, now));
        }
    }
}
