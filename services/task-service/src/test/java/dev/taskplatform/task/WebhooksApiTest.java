// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.task.WebhookTarget.Call;
import dev.taskplatform.task.WebhookTarget.Mood;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Webhooks, over HTTP and held to the document, with a target on a socket. */
@OnEveryDatabase
class WebhooksApiTest extends ApiTest {
    private WebhookTarget target;

    WebhooksApiTest() {
        super(
                "webhooks",
                Map.of(
                        "webhook.allowed-networks", "127.0.0.1",
                        "webhook.allow-http", "true",
                        "webhook.timeout", "PT0.5S"));
    }

    @BeforeEach
    void listen() {
        target = new WebhookTarget();
    }

    @AfterEach
    void end() {
        target.close();
    }

    @Test
    void tellsWhatHappensInItsOrderAndSigned() {
        JsonNode webhook = make("\"description\": \"mine\"").json();
        String task = create("{\"title\": \"t\"}").json().get("id").asText();
        patch("/v1/tasks/" + task, "{\"title\": \"u\"}");
        patch("/v1/tasks/" + task, "{\"status\": \"done\"}");
        as(api.request("DELETE", "/v1/tasks/" + task));
        as(api.request("POST", "/v1/trash/" + task + "/restore"));

        await().untilAsserted(() -> assertThat(target.types())
                .containsExactly("task.created", "task.changed", "task.completed", "task.deleted", "task.restored"));
        for (Call call : target.calls()) {
            assertThat(call.isSignedBy(webhook.get("secret").asText())).isTrue();
            assertThat(call.json().at("/task/id").asText()).isEqualTo(task);
            assertThat(call.json().get("actorId").asText()).isEqualTo(userId.toString());
            assertThat(call.json().get("id").asText()).isEqualTo(call.header("webhook-id"));
        }
        assertThat(target.calls().get(1).json().at("/task/title").asText()).isEqualTo("u");
        await().untilAsserted(() ->
                assertThat(deliveries(webhook).findValuesAsText("state")).containsOnly("delivered"));
    }

    @Test
    void tellsOnlyWhatIsWanted() {
        String list = as(api.post("/v1/lists", "{\"name\": \"Garden\"}"))
                .json()
                .get("id")
                .asText();
        make("\"events\": [\"task.completed\"], \"listId\": \"%s\"".formatted(list));
        create("{\"title\": \"elsewhere\", \"status\": \"done\"}");
        String task = create("{\"title\": \"here\", \"listId\": \"%s\"}".formatted(list))
                .json()
                .get("id")
                .asText();
        patch("/v1/tasks/" + task, "{\"status\": \"done\"}");

        await().untilAsserted(() -> assertThat(target.types()).containsExactly("task.completed"));
        assertThat(target.calls().getFirst().json().at("/task/title").asText()).isEqualTo("here");
    }

    @Test
    void tellsNothingToWhoLeftTheList() {
        UUID bob = beKnown("bob-" + System.nanoTime());
        target.mood(Mood.FAILS);
        JsonNode webhook = make("\"description\": \"bob's\"").json();
        be("ann");
        String list = location(as(api.post("/v1/lists", "{\"name\": \"Garden\"}")));
        as(api.request("PUT", list + "/members/" + bob).body("application/json", "{\"role\": \"read\"}"));
        create("{\"title\": \"secret\", \"listId\": \"%s\"}".formatted(list.substring(10)));
        await().untilAsserted(() -> assertThat(target.calls()).hasSize(1));

        as(api.request("DELETE", list + "/members/" + bob));
        target.mood(Mood.WELL);
        setTime(START.plus(Duration.ofHours(1)));
        be(bob, "bob");
        await().untilAsserted(() ->
                assertThat(deliveries(webhook).findValuesAsText("state")).containsExactly("dead"));
        assertThat(target.calls()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Mood.class,
            names = {"FAILS", "RESETS", "HANGS", "REDIRECTS", "TRICKLES"})
    void triesAgainInOrderWhenTheTargetFails(Mood mood) {
        target.mood(mood);
        JsonNode webhook = make("\"description\": \"d\"").json();
        String task = create("{\"title\": \"t\"}").json().get("id").asText();
        patch("/v1/tasks/" + task, "{\"title\": \"u\"}");
        await().untilAsserted(() ->
                assertThat(deliveries(webhook).findValuesAsText("lastError")).isNotEmpty());

        JsonNode waiting = deliveries(webhook);
        assertThat(waiting.findValuesAsText("state")).containsExactly("pending", "pending");
        // What happened later waits.
        assertThat(waiting.get(0).get("attempts").asInt()).isZero();
        target.mood(Mood.WELL);
        target.forget();
        setTime(START.plus(Duration.ofHours(7)));
        await().untilAsserted(() -> assertThat(target.types()).containsExactly("task.created", "task.changed"));
        assertThat(target.followed()).isZero();
    }

    @Test
    void keepsNobodyWaitingForATargetThatNeverAnswers() throws Exception {
        target.mood(Mood.HANGS);
        make("\"description\": \"hangs\"");
        for (int i = 0; i < 20; i++) {
            create("{\"title\": \"t%d\"}".formatted(i));
        }
        try (WebhookTarget other = new WebhookTarget()) {
            assertThat(as(api.post("/v1/webhooks", "{\"url\": \"%s\"}".formatted(other.url())))
                            .status())
                    .isEqualTo(201);
            create("{\"title\": \"last\"}");
            await().untilAsserted(() -> assertThat(other.types()).containsExactly("task.created"));
        }
    }

    @Test
    void endsAWebhookWhoseTargetIsGone() {
        target.mood(Mood.IS_GONE);
        JsonNode webhook = make("\"description\": \"d\"").json();
        create("{\"title\": \"t\"}");
        String path = "/v1/webhooks/" + webhook.get("id").asText();

        await().untilAsserted(() ->
                assertThat(get(path).json().get("active").asBoolean()).isFalse());
        assertThat(get(path).json().get("reason").asText()).contains("410");
        target.mood(Mood.WELL);
        ApiResponse again = patch(path, "{\"active\": true}");
        assertThat(again.json().has("reason")).isFalse();
        String delivery = deliveries(webhook).get(0).get("id").asText();
        assertThat(as(api.request("POST", path + "/deliveries/" + delivery + "/redeliver"))
                        .status())
                .isEqualTo(202);
        await().untilAsserted(() ->
                assertThat(deliveries(webhook).findValuesAsText("state")).containsExactly("delivered"));
        assertThat(as(api.request("POST", path + "/deliveries/" + UUID.randomUUID() + "/redeliver"))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void remindsByWebhook() {
        make("\"events\": [\"task.reminder\"]");
        create("{\"title\": \"t\", \"due\": \"2026-03-01T13:00:00Z\", \"reminders\": [\"-PT30M\"]}");
        setTime(START.plus(Duration.ofMinutes(31)));

        await().untilAsserted(() -> assertThat(target.types()).containsExactly("task.reminder"));
        assertThat(target.calls().getFirst().json().get("reminder").asText()).isEqualTo("-PT30M");
    }

    @Test
    void signsWithBothSecretsForADay() {
        JsonNode webhook = make("\"description\": \"d\"").json();
        String path = "/v1/webhooks/" + webhook.get("id").asText();
        String second = as(api.request("POST", path + "/rotate-secret"))
                .json()
                .get("secret")
                .asText();
        assertThat(second)
                .startsWith("whsec_")
                .isNotEqualTo(webhook.get("secret").asText());
        assertThat(get(path).json().has("secret")).isFalse();
        assertThat(as(api.request("POST", path + "/test")).status()).isEqualTo(202);

        await().untilAsserted(() -> assertThat(target.types()).containsExactly("webhook.test"));
        Call call = target.calls().getFirst();
        assertThat(call.isSignedBy(second)).isTrue();
        assertThat(call.isSignedBy(webhook.get("secret").asText())).isTrue();
        setTime(START.plus(Duration.ofDays(2)));
        be(userId, "ann");
        as(api.request("POST", path + "/test"));
        await().untilAsserted(() -> assertThat(target.calls()).hasSize(2));
        assertThat(target.calls().getLast().isSignedBy(webhook.get("secret").asText()))
                .isFalse();
    }

    @Test
    void makesOneOfARepeatedRequestAndTellsItsSecretAgain() {
        String body = "{\"url\": \"%s\"}".formatted(target.url());
        ApiResponse first = as(api.post("/v1/webhooks", body).header("Idempotency-Key", "one"));
        ApiResponse again = as(api.post("/v1/webhooks", body).header("Idempotency-Key", "one"));
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(get("/v1/webhooks").json().get("items")).hasSize(1);
        assertThat(as(api.post("/v1/webhooks", "{\"url\": \"https://example.com\"}")
                                .header("Idempotency-Key", "one"))
                        .status())
                .isEqualTo(422);
    }

    @Test
    void changesAndRemovesAWebhookOnlyIfItIsAsTheClientThinks() {
        ApiResponse made = make("\"description\": \"d\"");
        String path = location(made);
        String tag = made.header("ETag").orElseThrow();
        JsonNode changed = patch(path, "{\"description\": null, \"events\": [\"task.created\"]}")
                .json();
        assertThat(changed.has("description")).isFalse();
        assertThat(changed.get("events")).hasSize(1);
        assertThat(as(api.request("PATCH", path).body(MERGE_PATCH, "{}").header("If-Match", tag))
                        .status())
                .isEqualTo(412);
        assertThat(as(api.request("DELETE", path).header("If-Match", tag)).status())
                .isEqualTo(412);
        String ann = token;
        be("bob");
        assertThat(get(path).status()).isEqualTo(404);
        assertThat(patch(path, "{}").status()).isEqualTo(404);
        assertThat(get(path + "/deliveries").status()).isEqualTo(404);
        assertThat(as(api.request("POST", path + "/test")).status()).isEqualTo(404);
        assertThat(as(api.request("POST", path + "/rotate-secret")).status()).isEqualTo(404);
        assertThat(as(api.request("DELETE", path)).status()).isEqualTo(404);
        token = ann;
        assertThat(as(api.request("DELETE", path)).status()).isEqualTo(204);
        assertThat(get(path).status()).isEqualTo(404);
    }

    @Test
    void hasAnEndOfWebhooks() {
        for (int i = 0; i < 20; i++) {
            assertThat(make("\"events\": []").status()).isEqualTo(201);
        }
        assertThat(make("\"events\": []").status()).isEqualTo(409);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://10.0.0.1/",
                "https://169.254.169.254/latest/meta-data",
                "https://[::1]/",
                "https://[::ffff:10.0.0.1]/",
                "https://[fd00::1]/",
                "https://[64:ff9b::a00:1]/",
                "https://0.0.0.0/",
                "https://192.168.1.1:8443/",
                "https://user:pw@example.com/",
                "https://example.com/#x",
                "ftp://example.com/",
                "https:///x",
                "example.com",
                "https://exämple.com/",
                "https://example.com:99999/"
            })
    void refusesUrls(String url) {
        ApiResponse response = as(api.post("/v1/webhooks", "{\"url\": \"%s\"}".formatted(url)));
        assertThat(response.status()).isEqualTo(400);
        assertThat(response.json().at("/errors/0/pointer").asText()).isEqualTo("/url");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `{}`                                                           | /url
            `{"url": "https://example.com", "events": ["task.sung"]}`      | /events
            `{"url": "https://example.com", "events": ["webhook.test"]}`   | /events
            `{"url": "https://example.com", "listId": "1"}`                | /listId
            `{"url": "https://example.com", "secret": "mine"}`             | /secret
            """)
    void refusesFields(String body, String pointer) {
        ApiResponse response = as(api.post("/v1/webhooks", body));
        assertThat(response.status()).isEqualTo(400);
        assertThat(response.json().at("/errors/0/pointer").asText()).isEqualTo(pointer);
    }

    @Test
    void refusesWhatIsNoId() {
        String id = UUID.randomUUID().toString();
        assertThat(make("\"listId\": \"%s\"".formatted(id)).status()).isEqualTo(404);
        for (String path : List.of("/v1/webhooks/1", "/v1/webhooks/1/deliveries")) {
            assertThat(get(path).status()).isEqualTo(400);
        }
        assertThat(patch("/v1/webhooks/1", "{}").status()).isEqualTo(400);
        assertThat(as(api.request("DELETE", "/v1/webhooks/1")).status()).isEqualTo(400);
        for (String path : List.of("/test", "/rotate-secret", "/deliveries/1/redeliver")) {
            assertThat(as(api.request("POST", "/v1/webhooks/1" + path)).status())
                    .isEqualTo(400);
        }
    }

    private ApiResponse make(String fields) {
        return as(api.post("/v1/webhooks", "{\"url\": \"%s\", %s}".formatted(target.url(), fields)));
    }

    private JsonNode deliveries(JsonNode webhook) {
        return get("/v1/webhooks/" + webhook.get("id").asText() + "/deliveries")
                .json()
                .get("items");
    }
}
