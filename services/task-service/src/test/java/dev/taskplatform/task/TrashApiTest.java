// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.OnEveryDatabase;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The trash, over HTTP and held to the document. */
@OnEveryDatabase
class TrashApiTest extends ApiTest {
    TrashApiTest() {
        super("trash");
    }

    @Test
    void bringsATreeBackAsItWas() {
        String whole = task("whole", "");
        String part = task("part", ", \"parentId\": \"%s\"".formatted(whole));
        String gone = task("gone before", ", \"parentId\": \"%s\"".formatted(whole));
        delete(gone);
        setTime(START.plusSeconds(1));

        assertThat(delete(whole).status()).isEqualTo(204);
        assertThat(get("/v1/tasks/" + part).status()).isEqualTo(404);
        assertThat(get("/v1/tasks").json().get("items")).isEmpty();
        assertThat(get("/v1/trash").json().get("items").findValuesAsText("title"))
                .containsExactly("part", "whole", "gone before");
        assertThat(get("/v1/trash").json().at("/items/0/deletedAt").asText())
                .isEqualTo(START.plusSeconds(1).toString());

        ApiResponse back = restore(whole);
        assertThat(back.status()).isEqualTo(200);
        assertThat(back.json().has("deletedAt")).isFalse();
        assertThat(get("/v1/tasks/" + part).json().get("parentId").asText()).isEqualTo(whole);
        assertThat(get("/v1/trash").json().get("items").findValuesAsText("title"))
                .containsExactly("gone before");
        assertThat(restore(whole).status()).isEqualTo(404);
    }

    @Test
    void bringsAPartBackWithoutItsWhole() {
        String whole = task("whole", "");
        String part = task("part", ", \"parentId\": \"%s\"".formatted(whole));
        delete(whole);

        assertThat(restore(part).json().has("parentId")).isFalse();
        assertThat(get("/v1/tasks").json().get("items").findValuesAsText("title"))
                .containsExactly("part");
    }

    @Test
    void removesForGoodAndHasNothingWaitForIt() {
        String blocker = task("blocker", "");
        String waiting = task("waiting", ", \"blockedBy\": [\"%s\"]".formatted(blocker));
        delete(blocker);
        assertThat(get("/v1/tasks/" + waiting).json().get("blockedBy")).hasSize(1);

        assertThat(as(api.request("DELETE", "/v1/trash/" + blocker)).status()).isEqualTo(204);
        assertThat(get("/v1/tasks/" + waiting).json().get("blockedBy")).isEmpty();
        assertThat(restore(blocker).status()).isEqualTo(404);
        assertThat(as(api.request("DELETE", "/v1/trash/" + blocker)).status()).isEqualTo(404);
        assertThat(as(api.request("DELETE", "/v1/trash/" + waiting)).status()).isEqualTo(404);
    }

    @Test
    void listsPageByPage() {
        for (int i = 0; i < 3; i++) {
            setTime(START.plusSeconds(i));
            delete(task("t" + i, ""));
        }
        ApiResponse page = get("/v1/trash?limit=2");
        assertThat(page.json().get("items").findValuesAsText("title")).containsExactly("t2", "t1");
        assertThat(get(next(page)).json().get("items").findValuesAsText("title"))
                .containsExactly("t0");
        assertThat(get("/v1/trash?limit=0").status()).isEqualTo(400);
        String cursor = next(page);
        be("bob");
        assertThat(get(cursor).status()).isEqualTo(400);
    }

    @Test
    void deletesAndRestoresOnlyWhatIsAsTheClientThinks() {
        String task = task("t", "");
        assertThat(as(api.request("DELETE", "/v1/tasks/" + task).header("If-Match", "\"2\""))
                        .status())
                .isEqualTo(412);
        assertThat(as(api.request("DELETE", "/v1/tasks/" + task).header("If-Match", "\"1\""))
                        .status())
                .isEqualTo(204);
        assertThat(as(api.request("POST", "/v1/trash/%s/restore".formatted(task))
                                .header("If-Match", "\"1\""))
                        .status())
                .isEqualTo(412);
        assertThat(as(api.request("POST", "/v1/trash/%s/restore".formatted(task))
                                .header("If-Match", "\"2\""))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void hasAnEndOfPartsAtATime() {
        String whole = task("whole", "");
        try (Database own = database.open()) {
            own.write(handle -> {
                var batch = handle.prepareBatch("INSERT INTO task (id, list_id, title, status, priority, parent_id,"
                        + " position, version, created_at, updated_at)"
                        + " VALUES (:id, :list, 't', 'todo', 0, :parent, 'a', 1, :now, :now)");
                for (int i = 0; i < 5_000; i++) {
                    batch.bind("id", UUID.randomUUID())
                            .bind("list", userId)
                            .bind("parent", UUID.fromString(whole))
                            .bind("now", START)
                            .add();
                }
                return batch.execute();
            });
        }
        assertThat(delete(whole).status()).isEqualTo(409);
        try (Database own = database.open()) {
            own.write(handle -> handle.execute("UPDATE task SET deleted_at = ? WHERE list_id = ?", START, userId));
        }
        assertThat(restore(whole).status()).isEqualTo(409);
        assertThat(as(api.request("DELETE", "/v1/trash/" + whole)).status()).isEqualTo(409);
    }

    @Test
    void keepsOthersOut() {
        String task = task("t", "");
        String path = "/v1/tasks/" + task;
        be("bob");
        assertThat(as(api.request("DELETE", path)).status()).isEqualTo(404);
        assertThat(restore(task).status()).isEqualTo(404);
        assertThat(as(api.request("DELETE", "/v1/tasks/1")).status()).isEqualTo(400);
        assertThat(as(api.request("DELETE", "/v1/trash/1")).status()).isEqualTo(400);
        assertThat(restore("1").status()).isEqualTo(400);
    }

    private String task(String title, String more) {
        return create("{\"title\": \"%s\"%s}".formatted(title, more))
                .json()
                .get("id")
                .asText();
    }

    private ApiResponse delete(String task) {
        return as(api.request("DELETE", "/v1/tasks/" + task));
    }

    private ApiResponse restore(String task) {
        return as(api.request("POST", "/v1/trash/%s/restore".formatted(task)));
    }
}
