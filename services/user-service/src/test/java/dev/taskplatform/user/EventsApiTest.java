// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.id.UuidGenerator;
import dev.taskplatform.user.event.DatabaseEventOutbox;
import dev.taskplatform.user.event.UserEvent;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The feed of events for services, over HTTP and held to the document. */
class EventsApiTest extends ApiTest {
    private static final String PATH = "/internal/v1/events";

    private String token;
    private String now;

    EventsApiTest() {
        super("events");
    }

    @Override
    String authorized() {
        return service.clientToken("task-service", "events");
    }

    @BeforeEach
    void goToTheEnd() {
        token = authorized();
        now = next(read("?limit=200"));
    }

    @Test
    void tellsOfASessionThatEnds() {
        register("ann", PASSWORD);
        JsonNode session = signIn("ann", PASSWORD).json();
        api.request("DELETE", "/v1/sessions")
                .bearer(session.get("access_token").asText())
                .send();

        ApiResponse answer = read("?after=" + now);

        assertThat(answer.status()).isEqualTo(200);
        JsonNode event = answer.json().at("/items/0");
        assertThat(event.get("type").asText()).isEqualTo("session.revoked");
        assertThat(event.get("sessionId")).isEqualTo(session.get("session_id"));
        assertThat(event.get("occurredAt").asText()).isEqualTo(START.toString());
        assertThat(event.has("userId")).isTrue();
        assertThat(read("?after=" + next(answer)).json().get("items")).isEmpty();
    }

    @Test
    void givesAllEventsInPagesAndTheSameAgain() {
        List<UUID> users = IntStream.range(0, 7).mapToObj(i -> append()).toList();

        List<String> seen = Stream.iterate(
                        read("?limit=3&after=" + now),
                        answer -> !users(answer).isEmpty(),
                        answer -> read("?limit=3&after=" + next(answer)))
                .flatMap(answer -> users(answer).stream())
                .toList();

        assertThat(seen).isEqualTo(users.stream().map(UUID::toString).toList());
        assertThat(read("?after=" + now).json()).isEqualTo(read("?after=" + now).json());
        assertThat(next(read("?wait=1&after=" + next(read("?after=" + now))))).isEqualTo(next(read("?after=" + now)));
    }

    @Test
    void beginsWithTheFirstEventThatIsKept() {
        append();
        assertThat(users(read("?limit=1"))).hasSize(1);
        assertThat(read("").json().get("items").size()).isPositive();
    }

    @Test
    void answersWhoWaitsAsSoonAsThereIsAnEvent() throws Exception {
        CompletableFuture<ApiResponse> waiting = CompletableFuture.supplyAsync(() -> read("?wait=30&after=" + now));
        // Half a second, in which it must not answer.
        await().during(Duration.ofMillis(500)).until(() -> !waiting.isDone());

        UUID user = append();

        assertThat(users(waiting.get(10, TimeUnit.SECONDS))).containsExactly(user.toString());
    }

    @Test
    void letsNobodyWaitWhileItStops() throws Exception {
        try (DatabaseUnderTest other = DatabaseUnderTest.embedded()) {
            UserServiceUnderTest stopping = UserServiceUnderTest.start(
                    other.settings(),
                    Map.of("server.drain", "PT0S", "server.shutdown-grace", "PT30S"),
                    clock(),
                    contract());
            String service = stopping.clientToken("task-service", "events");
            List<CompletableFuture<ApiResponse>> waiting = IntStream.range(0, 8)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> stopping.client()
                            .get(PATH + "?wait=30")
                            .bearer(service)
                            .send()))
                    .toList();
            await().during(Duration.ofMillis(500)).until(() -> waiting.stream().noneMatch(CompletableFuture::isDone));

            CompletableFuture<Void> stopped =
                    CompletableFuture.runAsync(() -> stopping.server().stop());

            for (CompletableFuture<ApiResponse> answer : waiting) {
                assertThat(answer.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
            }
            stopped.get(10, TimeUnit.SECONDS);
            stopping.client().close();
        }
    }

    @Test
    void saysWhenEventsAreMissing() {
        append();
        String old = now;
        try (Database own = database.open()) {
            own.write(handle -> handle.execute("DELETE FROM event"));
        }
        ApiResponse missing = read("?after=" + old);
        assertThat(missing.status()).isEqualTo(410);
        assertThat(missing.json().get("type").asText()).endsWith("/cursor-expired");

        String fresh = next(read(""));
        UUID user = append();
        assertThat(users(read("?after=" + fresh))).containsExactly(user.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "after=",
                "after=x",
                "limit=0",
                "limit=201",
                "limit=x",
                "wait=-1",
                "wait=31",
                "wait=1.5",
                "from=1"
            })
    void refusesOtherParameters(String query) {
        assertThat(read("?" + query).status()).isEqualTo(400);
    }

    @Test
    void isForServicesOnly() {
        register("bob", PASSWORD);
        String person = token(signIn("bob", PASSWORD));
        assertThat(api.get(PATH).bearer(person).send().status()).isEqualTo(403);
    }

    private ApiResponse read(String query) {
        return api.get(PATH + query).bearer(token).send();
    }

    private static String next(ApiResponse answer) {
        return answer.json().get("next").asText();
    }

    private static List<String> users(ApiResponse answer) {
        return answer.json().get("items").findValuesAsText("userId");
    }

    /** Appends an event about somebody, as a replica would. */
    private UUID append() {
        UUID user = UUID.randomUUID();
        try (Database own = database.open()) {
            new DatabaseEventOutbox(own, new UuidGenerator(Clock.systemUTC(), new SecureRandom()), clock())
                    .append(UserEvent.ofAccount(UserEvent.Type.USER_DISABLED, user));
        }
        return user;
    }
}
