// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.taskplatform.kit.json.Json;
import dev.taskplatform.kit.outbound.PatientPeerSettings;
import dev.taskplatform.kit.outbound.PeerClient;
import dev.taskplatform.kit.outbound.ServiceCredentials;
import dev.taskplatform.kit.outbound.ServiceToken;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a user service on a socket. */
class UserDirectoryTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");
    private static final UUID ANN = UUID.fromString("0199f7a2-5b0c-7d3e-8f4a-000000000001");
    private static final UUID BOB = UUID.fromString("0199f7a2-5b0c-7d3e-8f4a-000000000002");

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    private final Map<UUID, String> accounts = new ConcurrentHashMap<>(Map.of(ANN, "ann", BOB, "bob"));
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile String goodToken = "token-1";
    private volatile int tokens;
    private volatile Handler lookup = this::answer;
    private WebServer userService;
    private PeerClient peer;
    private UserDirectory directory;

    @BeforeEach
    void start(@TempDir Path files) throws IOException {
        userService = WebServer.builder()
                .shutdownHook(false)
                .host("127.0.0.1")
                .port(0)
                .routing(routing -> routing.post("/oauth2/token", this::token)
                        .post("/internal/v1/users/lookup", (request, response) -> {
                            asked.add(request.content().as(String.class));
                            lookup.handle(request, response);
                        }))
                .build()
                .start();
        URI url = URI.create("http://127.0.0.1:" + userService.port());
        peer = new PeerClient(
                PatientPeerSettings.of("user-service", url, Duration.ofSeconds(30), 10),
                clock,
                new Random(1),
                new SimpleMeterRegistry());
        ServiceCredentials credentials =
                new ServiceCredentials.Assertion(Files.writeString(files.resolve("token"), "assertion"));
        ServiceToken token = new ServiceToken(peer, credentials, "users:read", Json.mapper(), clock);
        directory = new UserDirectory(Optional.of(new RemoteUserLookup(peer, token, Json.mapper())), clock);
    }

    @AfterEach
    void stop() {
        peer.close();
        userService.stop();
    }

    @Test
    void knowsPersonsByIdAndByName() {
        KnownUser ann = new KnownUser(ANN, "ann", Optional.of("The ann"), Optional.empty());
        assertThat(directory.byName("ann")).contains(ann);
        assertThat(directory.byId(ANN)).contains(ann);
        assertThat(directory.byIds(List.of(ANN, BOB, UUID.randomUUID())))
                .containsOnlyKeys(ANN, BOB)
                .containsEntry(ANN, ann);
        assertThat(directory.byName("nobody")).isEmpty();
        assertThat(directory.byId(UUID.randomUUID())).isEmpty();
    }

    @Test
    void asksAgainAfterAWhileOnly() {
        directory.byIds(List.of(ANN, BOB, ANN));
        directory.byIds(List.of(BOB, ANN));
        assertThat(asked).hasSize(1);

        accounts.put(ANN, "anna");
        now.set(NOON.plus(Duration.ofMinutes(5)));
        assertThat(directory.byIds(List.of(ANN)).get(ANN).username()).isEqualTo("anna");
        assertThat(asked).hasSize(2);
    }

    @Test
    void asksForFewAtATime() {
        List<UUID> many = Stream.generate(UUID::randomUUID).limit(250).toList();
        many.forEach(id -> accounts.put(id, "user-" + id));
        assertThat(directory.byIds(many)).hasSize(250);
        assertThat(asked).hasSize(3).allSatisfy(body -> assertThat(ids(body)).hasSizeLessThanOrEqualTo(100));
    }

    @Test
    void tellsSinceWhenItKnowsWhileNobodyAnswers() {
        directory.byIds(List.of(ANN));
        lookup = (request, response) ->
                response.status(Status.SERVICE_UNAVAILABLE_503).send();
        now.set(NOON.plus(Duration.ofHours(23)));
        assertThat(directory.byIds(List.of(ANN, BOB)))
                .containsOnlyKeys(ANN)
                .containsEntry(ANN, new KnownUser(ANN, "ann", Optional.of("The ann"), Optional.of(NOON)));

        now.set(NOON.plus(Duration.ofHours(24)));
        assertThat(directory.byIds(List.of(ANN, BOB))).isEmpty();
    }

    @Test
    void asksNoMoreAfterTheFirstFailure() {
        List<UUID> many = Stream.generate(UUID::randomUUID).limit(250).toList();
        lookup = (request, response) -> response.status(Status.FORBIDDEN_403).send();
        assertThat(directory.byIds(many)).isEmpty();
        assertThat(asked).hasSize(1);
    }

    @Test
    void forgetsWhoIsDeleted() {
        directory.byIds(List.of(ANN, BOB));
        directory.forget(ANN);
        // Another replica saw this deletion.
        accounts.remove(BOB);
        now.set(NOON.plus(Duration.ofMinutes(5)));
        directory.byIds(List.of(BOB));

        lookup = (request, response) -> response.status(Status.FORBIDDEN_403).send();
        assertThat(directory.byIds(List.of(ANN, BOB))).isEmpty();
    }

    @Test
    void doesNotRememberWhoWasDeletedMeanwhile() {
        lookup = (request, response) -> {
            directory.forget(ANN);
            answer(request, response);
        };
        assertThat(directory.byIds(List.of(ANN))).containsOnlyKeys(ANN);
        lookup = (request, response) -> response.status(Status.FORBIDDEN_403).send();
        assertThat(directory.byIds(List.of(ANN))).isEmpty();
    }

    @Test
    void asksAgainWithANewToken() {
        directory.byId(ANN);
        goodToken = "token-2";
        assertThat(directory.byId(ANN)).isPresent();
        assertThat(tokens).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>",
                "",
                "{}",
                "{\"users\": {}}",
                "{\"users\": [{}]}",
                "{\"users\": [{\"id\": \"1\", \"username\": \"ann\"}]}",
                "{\"users\": [{\"id\": \"0199f7a2-5b0c-7d3e-8f4a-000000000001\"}]}"
            })
    void takesNothingForAnAnswerThatIsNone(String body) {
        directory.byIds(List.of(ANN));
        now.set(NOON.plus(Duration.ofHours(1)));
        lookup = (request, response) -> response.send(body);
        assertThat(directory.byIds(List.of(ANN)).get(ANN).staleSince()).contains(NOON);
        assertCannotTell(directory, "does not answer");
    }

    @Test
    void saysThatItCannotTellWithoutCredentials() {
        UserDirectory without = new UserDirectory(Optional.empty(), clock);
        assertThat(without.byIds(List.of(ANN))).isEmpty();
        assertCannotTell(without, "its operator gave it nothing to ask");
    }

    private static void assertCannotTell(UserDirectory directory, String reason) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> directory.byName("ann"))
                .withMessageContaining(reason)
                .satisfies(problem -> {
                    assertThat(problem.type()).isEqualTo(ProblemType.UNAVAILABLE);
                    assertThat(problem.headers())
                            .anySatisfy(
                                    header -> assertThat(header.headerName()).isEqualTo(HeaderNames.RETRY_AFTER));
                });
    }

    private void token(ServerRequest request, ServerResponse response) {
        tokens++;
        response.send("{\"access_token\": \"token-%d\", \"token_type\": \"Bearer\", \"expires_in\": 86400}"
                .formatted(tokens));
    }

    private void answer(ServerRequest request, ServerResponse response) {
        if (!request.headers().get(HeaderNames.AUTHORIZATION).get().equals("Bearer " + goodToken)) {
            response.status(Status.UNAUTHORIZED_401).send();
            return;
        }
        String body = asked.getLast();
        response.send(accounts.entrySet().stream()
                .filter(account -> body.contains("\"" + account.getKey() + "\"")
                        || body.contains("\"" + account.getValue() + "\""))
                .map(account -> "{\"id\": \"%s\", \"username\": \"%s\", \"displayName\": \"The %2$s\"}"
                        .formatted(account.getKey(), account.getValue()))
                .collect(Collectors.joining(", ", "{\"users\": [", "]}")));
    }

    private static Collection<String> ids(String body) {
        try {
            return Json.mapper()
                    .readTree(body)
                    .findValues("ids")
                    .getFirst()
                    .valueStream()
                    .map(Object::toString)
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
