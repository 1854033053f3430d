// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.kit.id.UuidGenerator;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many operations at once, over HTTP and held to the document. */
@OnEveryDatabase
class BulkApiTest extends ApiTest {
    private final UuidGenerator ids = new UuidGenerator(clock(), new Random(3));

    BulkApiTest() {
        super("bulk");
    }

    @Test
    void doesEachOnItsOwn() {
        UUID made = ids.next();
        String old = create("{\"title\": \"old\"}").json().get("id").asText();
        String gone = create("{\"title\": \"gone\"}").json().get("id").asText();
        JsonNode results =
                bulk("independent", """
                        {"method": "create", "task": {"id": "%1$s", "title": "new"}},
                        {"method": "change", "id": "%1$s", "task": {"status": "done"}},
                        {"method": "change", "id": "%2$s", "ifMatch": "\\"7\\"", "task": {"title": "late"}},
                        {"method": "change", "id": "%2$s", "ifMatch": "\\"1\\"", "task": {"title": "u"}},
                        {"method": "delete", "id": "%3$s"},
                        {"method": "delete", "id": "%3$s"},
                        {"method": "create", "task": {"title": ""}},
                        {"method": "sing"},
                        {"method": "create"}
                        """.formatted(made, old, gone)).json().get("results");

        assertThat(results.findValuesAsText("status"))
                .filteredOn(status -> status.length() == 3)
                .containsSubsequence("201", "200", "412", "200", "204", "404", "400", "400", "400");
        assertThat(results.at("/1/task/status").asText()).isEqualTo("done");
        assertThat(results.at("/1/etag").asText()).isEqualTo("\"2\"");
        assertThat(results.at("/2/problem/type").asText()).endsWith("/precondition-failed");
        assertThat(results.at("/6/problem/errors/0/pointer").asText()).isEqualTo("/title");
        assertThat(get("/v1/tasks/" + made).json().get("title").asText()).isEqualTo("new");
    }

    @Test
    void doesAllOrNothing() {
        String old = create("{\"title\": \"old\"}").json().get("id").asText();
        ApiResponse failed = bulk("atomic", """
                {"method": "change", "id": "%1$s", "task": {"title": "changed"}},
                {"method": "delete", "id": "%2$s"}
                """.formatted(old, UUID.randomUUID()));
        assertThat(failed.status()).isEqualTo(409);
        assertThat(failed.json().get("detail").asText()).contains("/operations/1", "404");
        assertThat(get("/v1/tasks/" + old).json().get("title").asText()).isEqualTo("old");

        ApiResponse done = bulk("atomic", """
                {"method": "change", "id": "%1$s", "task": {"title": "changed"}},
                {"method": "delete", "id": "%1$s"}
                """.formatted(old));
        assertThat(done.status()).isEqualTo(200);
        assertThat(get("/v1/tasks/" + old).status()).isEqualTo(404);
    }

    @Test
    void makesATaskOfAClientOnce() {
        UUID id = ids.next();
        String task = "{\"id\": \"%s\", \"title\": \"t\"}".formatted(id);
        assertThat(create(task).status()).isEqualTo(201);
        assertThat(create(task).status()).isEqualTo(200);
        assertThat(create("{\"id\": \"%s\", \"title\": \"t\"}".formatted(UUID.randomUUID()))
                        .status())
                .isEqualTo(400);
        be("bob");
        assertThat(create(task).status()).isEqualTo(409);
    }

    @ParameterizedTest
    @ValueSource(strings = {"atomic", "independent"})
    void doesARepeatedRequestOnce(String mode) {
        String body = "{\"mode\": \"%s\", \"operations\": [{\"method\": \"create\", \"task\": {\"title\": \"t\"}}]}"
                .formatted(mode);
        ApiResponse first = as(api.post("/v1/tasks/bulk", body).header("Idempotency-Key", "one"));
        ApiResponse again = as(api.post("/v1/tasks/bulk", body).header("Idempotency-Key", "one"));

        assertThat(again.json()).isEqualTo(first.json());
        assertThat(get("/v1/tasks").json().get("items")).hasSize(1);
        assertThat(as(api.post("/v1/tasks/bulk", body.replace("\"t\"", "\"u\"")).header("Idempotency-Key", "one"))
                        .status())
                .isEqualTo(422);
    }

    @Test
    void keepsWhatIsDoneBesideWhatFailsInARepeatableRequest() {
        String body = """
                {"mode": "independent", "operations": [
                  {"method": "create", "task": {"title": "one"}},
                  {"method": "create", "task": {"title": "two", "assignees": ["%s"]}},
                  {"method": "create", "task": {"title": "three"}}]}
                """.formatted(UUID.randomUUID());
        ApiResponse response = as(api.post("/v1/tasks/bulk", body).header("Idempotency-Key", "some"));

        assertThat(response.json().at("/results/1/status").asInt()).isEqualTo(400);
        assertThat(get("/v1/tasks").json().get("items").findValuesAsText("title"))
                .containsExactly("one", "three");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"mode\": \"atomic\", \"operations\": []}",
                "{\"mode\": \"atomic\", \"operations\": {}}",
                "{\"mode\": \"atomic\", \"operations\": [1]}",
                "{\"mode\": \"both\", \"operations\": [{\"method\": \"delete\"}]}"
            })
    void refusesFields(String body) {
        assertThat(as(api.post("/v1/tasks/bulk", body)).status()).isEqualTo(400);
        assertThat(bulk("atomic", "{\"method\": \"delete\"},".repeat(100) + "{\"method\": \"delete\"}")
                        .status())
                .isEqualTo(400);
    }

    private ApiResponse bulk(String mode, String operations) {
        return as(api.post("/v1/tasks/bulk", "{\"mode\": \"%s\", \"operations\": [%s]}".formatted(mode, operations)));
    }
}
