// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.task.FakeUserService.FeedMood;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who shares a list, over HTTP and held to the document. */
@OnEveryDatabase
class MembersApiTest extends ApiTest {
    private UUID ann;
    private UUID bob;
    private String annsName;
    private String bobsName;
    private String list;

    MembersApiTest() {
        super("members");
    }

    @BeforeEach
    void share() {
        annsName = "ann-" + System.nanoTime();
        bobsName = "bob-" + System.nanoTime();
        bob = beKnown(bobsName);
        ann = beKnown(annsName);
        list = location(as(api.post("/v1/lists", "{\"name\": \"Garden\"}")));
    }

    @AfterEach
    void cheerUp() {
        users.lookupMood(FeedMood.WELL);
    }

    @Test
    void sharesAListByName() {
        ApiResponse shared = invite(bobsName, "write");
        assertThat(shared.status()).isEqualTo(200);
        assertThat(shared.json().get("userId").asText()).isEqualTo(bob.toString());
        assertThat(invite(bobsName, "write").json()).isEqualTo(shared.json());

        JsonNode members = get(list + "/members").json().get("items");
        assertThat(members.findValuesAsText("username")).containsExactly(annsName, bobsName);
        assertThat(members.findValuesAsText("role")).containsExactly("owner", "write");
        assertThat(members.get(0).get("displayName").asText()).isEqualTo("The " + annsName);

        be(bob, bobsName);
        assertThat(get(list).json().get("role").asText()).isEqualTo("write");
        assertThat(createIn(list, "\"assignees\": [\"%s\", \"%s\"]".formatted(ann, bob))
                        .status())
                .isEqualTo(201);
        be(ann, annsName);
        assertThat(get("/v1/tasks").json().get("items")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "read,  200, 403, 403, 403",
        "write, 200, 201, 403, 403",
        "admin, 200, 201, 200, 403",
        "owner, 200, 201, 200, 204"
    })
    void letsARoleDoWhatItMay(String role, int read, int write, int admin, int owner) {
        String task = location(createIn(list, "\"priority\": \"low\""));
        put(bob, role);
        be(bob, bobsName);

        assertThat(get(task).status()).isEqualTo(read);
        assertThat(createIn(list, "\"priority\": \"low\"").status()).isEqualTo(write);
        assertThat(patch(task, "{\"title\": \"u\"}").status()).isEqualTo(write == 201 ? 200 : write);
        assertThat(patch(list, "{\"name\": \"Balcony\"}").status()).isEqualTo(admin);
        assertThat(put(UUID.fromString(list.substring("/v1/lists/".length())), "read")
                        .status())
                .isEqualTo(admin == 200 ? 400 : admin);
        assertThat(as(api.request("DELETE", task)).status()).isEqualTo(write == 201 ? 204 : write);
        assertThat(as(api.request("DELETE", list)).status()).isEqualTo(owner);
    }

    @Test
    void takesAMemberOutAndTheirTasksAway() {
        put(bob, "write");
        String task = location(createIn(list, "\"assignees\": [\"%s\", \"%s\"]".formatted(ann, bob)));
        String tag = get(task).header("ETag").orElseThrow();

        assertThat(as(api.request("DELETE", list + "/members/" + bob)).status()).isEqualTo(204);
        ApiResponse after = get(task);
        assertThat(after.json().get("assignees").toString()).isEqualTo("[\"%s\"]".formatted(ann));
        assertThat(after.header("ETag").orElseThrow()).isNotEqualTo(tag);
        assertThat(as(api.request("DELETE", list + "/members/" + bob)).status()).isEqualTo(404);
        assertThat(patch(task, "{\"assignees\": [\"%s\"]}".formatted(bob)).status())
                .isEqualTo(400);
        be(bob, bobsName);
        assertThat(get(list).status()).isEqualTo(404);
        assertThat(get(task).status()).isEqualTo(404);
        assertThat(get(list + "/members").status()).isEqualTo(404);
    }

    @Test
    void letsAMemberLeaveButNotTheOwner() {
        put(bob, "read");
        assertThat(as(api.request("DELETE", list + "/members/" + ann)).status()).isEqualTo(409);
        assertThat(put(ann, "write").status()).isEqualTo(409);

        be(bob, bobsName);
        assertThat(as(api.request("DELETE", list + "/members/" + ann)).status()).isEqualTo(403);
        assertThat(as(api.request("DELETE", list + "/members/" + bob)).status()).isEqualTo(204);
        assertThat(get(list).status()).isEqualTo(404);
    }

    @Test
    void givesAListAway() {
        put(bob, "admin");
        assertThat(put(bob, "owner").status()).isEqualTo(200);
        assertThat(get(list).json().get("role").asText()).isEqualTo("admin");

        assertThat(put(ann, "owner").status()).isEqualTo(403);
        assertThat(as(api.request("DELETE", list + "/members/" + ann)).status()).isEqualTo(204);
    }

    @Test
    void hasOneOwnerOfManyAtOnce() throws Exception {
        List<UUID> others = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            UUID other = users.register("other-%d-%d".formatted(i, System.nanoTime()), "pw");
            put(other, "write");
            others.add(other);
        }
        List<Callable<Integer>> gifts = others.stream()
                .<Callable<Integer>>map(other -> () -> put(other, "owner").status())
                .toList();
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> status : executor.invokeAll(gifts)) {
                statuses.add(status.get());
            }
        }
        assertThat(statuses).containsOnlyOnce(200).containsOnly(200, 403);
        assertThat(get(list + "/members").json().get("items").findValuesAsText("role"))
                .containsOnlyOnce("owner");
    }

    @Test
    void keepsInboxesToThemselves() {
        create("{\"title\": \"t\"}");
        String inbox = "/v1/lists/" + ann;
        assertThat(as(api.post(inbox + "/members", invitation(bobsName, "read")))
                        .status())
                .isEqualTo(409);
        assertThat(as(api.request("PUT", inbox + "/members/" + bob).body("application/json", "{\"role\": \"read\"}"))
                        .status())
                .isEqualTo(409);
    }

    @Test
    void refusesWhomNobodyKnows() {
        assertThat(invite("nobody", "read").status()).isEqualTo(400);
        assertThat(put(UUID.randomUUID(), "read").status()).isEqualTo(400);
        assertThat(invite(bobsName, "boss").status()).isEqualTo(400);
        assertThat(get("/v1/lists/1/members").status()).isEqualTo(400);
        assertThat(as(api.request("DELETE", list + "/members/1")).status()).isEqualTo(400);
        be("carl");
        assertThat(invite(bobsName, "read").status()).isEqualTo(404);
        assertThat(put(bob, "read").status()).isEqualTo(404);
        assertThat(as(api.request("DELETE", list + "/members/" + ann)).status()).isEqualTo(404);
    }

    @Test
    void goesOnWhileNobodyCanTellNames() {
        put(bob, "write");
        assertThat(get(list + "/members").json().get("items").findValuesAsText("staleSince"))
                .isEmpty();
        int asked = users.lookups();
        get(list + "/members");
        assertThat(users.lookups()).isEqualTo(asked);

        users.lookupMood(FeedMood.FAILS);
        setTime(START.plusSeconds(600));
        JsonNode members = get(list + "/members").json().get("items");
        assertThat(members.findValuesAsText("username")).containsExactly(annsName, bobsName);
        assertThat(members.findValuesAsText("staleSince")).containsExactly(START.toString(), START.toString());
        assertThat(put(bob, "read").status()).isEqualTo(200);
        assertThat(invite(bobsName, "admin").status()).isEqualTo(503);
        assertThat(put(UUID.randomUUID(), "read").status()).isEqualTo(503);

        users.lookupMood(FeedMood.WELL);
        // When the user service is tried again, however often it failed.
        setTime(START.plusSeconds(660));
        await().untilAsserted(() -> assertThat(
                        get(list + "/members").json().get("items").findValuesAsText("staleSince"))
                .isEmpty());
    }

    @Test
    void handsOnWhatADeletedPersonShared() {
        put(bob, "read");
        UUID carl = users.register("carl-" + System.nanoTime(), "pw");
        put(carl, "write");
        String task = location(createIn(list, "\"assignees\": [\"%s\"]".formatted(ann)));
        String comment = location(as(api.post(task + "/comments", "{\"text\": \"mine\"}")));
        String own = location(create("{\"title\": \"mine alone\"}"));

        UUID deletion = users.append("user.deleted", ann);
        await().untilAsserted(() -> assertThat(users.acknowledged()).contains(deletion));
        assertThat(get(own).status()).isEqualTo(401);

        be(carl, "carl");
        assertThat(get(list).json().get("role").asText()).isEqualTo("owner");
        JsonNode left = get(task).json();
        assertThat(left.has("createdBy")).isFalse();
        assertThat(left.get("assignees")).isEmpty();
        assertThat(get(comment).json().has("authorId")).isFalse();
        assertThat(get(comment).json().get("text").asText()).isEqualTo("mine");
    }

    private ApiResponse invite(String username, String role) {
        return as(api.post(list + "/members", invitation(username, role)));
    }

    private static String invitation(String username, String role) {
        return "{\"username\": \"%s\", \"role\": \"%s\"}".formatted(username, role);
    }

    private ApiResponse put(UUID user, String role) {
        return as(api.request("PUT", list + "/members/" + user)
                .body("application/json", "{\"role\": \"%s\"}".formatted(role)));
    }

    private ApiResponse createIn(String path, String fields) {
        return create(
                "{\"title\": \"t\", \"listId\": \"%s\", %s}".formatted(path.substring("/v1/lists/".length()), fields));
    }
}
