// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.NoteMigrations;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.kit.http.EntityTag;
import dev.taskplatform.kit.json.Json;
import dev.taskplatform.kit.json.JsonFields;
import dev.taskplatform.kit.json.JsonReader;
import dev.taskplatform.kit.observe.Meters;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.kit.server.ServiceConfig;
import dev.taskplatform.kit.server.ServiceServer;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Repeated creates, on two replicas of one service. */
@OnEveryDatabase
class IdempotencyTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration RETENTION = Duration.ofHours(24);
    private static final String KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324";
    private static final String BODY = "{\"text\": \"a note of mine\"}";

    private final DatabaseUnderTest underTest;
    private final ObjectMapper mapper = Json.mapper();
    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Replica> replicas = new ArrayList<>();
    private Database database;

    IdempotencyTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @BeforeEach
    void start() throws Exception {
        database = NoteMigrations.using(underTest::open);
        database.write(handle -> handle.execute("DELETE FROM note"));
        database.write(handle -> handle.execute("DELETE FROM idempotency_key"));
        replicas.add(replica());
        replicas.add(replica());
    }

    @AfterEach
    void stop() {
        http.close();
        replicas.forEach(Replica::stop);
        database.close();
    }

    @Test
    void makesEachOfTwoWithoutAKey() throws Exception {
        assertThat(post(0, null, BODY).statusCode()).isEqualTo(201);
        assertThat(post(0, null, BODY).statusCode()).isEqualTo(201);
        assertThat(notes()).isEqualTo(2);
    }

    @Test
    void answersARepetitionAsBefore() throws Exception {
        HttpResponse<String> first = post(0, KEY, BODY);
        HttpResponse<String> again = post(1, '"' + KEY + '"', BODY);

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body()).contains("a note of mine");
        for (String header : List.of("Location", "ETag", "Content-Type", "Cache-Control")) {
            assertThat(again.headers().allValues(header))
                    .as(header)
                    .isEqualTo(first.headers().allValues(header))
                    .hasSize(1);
        }
        assertThat(first.headers().firstValue("Idempotency-Replayed")).isEmpty();
        assertThat(again.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(again.headers().allValues("X-Request-Id"))
                .hasSize(1)
                .isNotEqualTo(first.headers().allValues("X-Request-Id"));
        assertThat(notes()).isOne();
    }

    @Test
    void answersAsItDoesWithoutAKey() throws Exception {
        HttpResponse<String> without = post(0, null, BODY);
        HttpResponse<String> with = post(0, KEY, BODY);

        assertThat(with.headers().map().keySet())
                .isEqualTo(without.headers().map().keySet());
        assertThat(with.headers().firstValue("Content-Type"))
                .isEqualTo(without.headers().firstValue("Content-Type"));
    }

    @Test
    void makesOneThingOfManyRequestsAtOnce() throws Exception {
        Callable<HttpResponse<String>> untilAnswered = () -> await().until(
                        () -> post(Thread.currentThread().hashCode() & 1, KEY, BODY),
                        response -> response.statusCode() != 409);
        List<HttpResponse<String>> answers = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(16)) {
            for (Future<HttpResponse<String>> answer : executor.invokeAll(
                    IntStream.range(0, 16).mapToObj(i -> untilAnswered).toList())) {
                answers.add(answer.get());
            }
        }
        assertThat(answers).allMatch(answer -> answer.statusCode() == 201);
        assertThat(answers)
                .extracting(HttpResponse::body)
                .containsOnly(answers.getFirst().body());
        assertThat(notes()).isOne();
    }

    @Test
    void turnsARepetitionAwayWhileTheFirstIsAtWork() throws Exception {
        Notes slow = replicas.getFirst().notes();
        slow.goOn = new CountDownLatch(1);
        CompletableFuture<HttpResponse<String>> first = http.sendAsync(request(0, KEY, BODY), BodyHandlers.ofString());
        slow.entered.await();

        HttpResponse<String> second = post(1, KEY, BODY);
        assertThat(second.statusCode()).isEqualTo(409);
        assertThat(second.body()).contains("problems/idempotency-key-in-flight");
        assertThat(second.headers().firstValue("Retry-After")).contains("1");

        slow.goOn.countDown();
        assertThat(first.get().statusCode()).isEqualTo(201);
        assertThat(post(1, KEY, BODY).body()).isEqualTo(first.get().body());
        assertThat(notes()).isOne();
    }

    @Test
    void refusesAKeyThatCameWithAnotherBody() throws Exception {
        post(0, KEY, BODY);

        HttpResponse<String> other = post(1, KEY, "{\"text\": \"another\"}");

        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(other.body()).contains("problems/idempotency-key-reused");
        assertThat(notes()).isOne();
    }

    @Test
    void tellsCallersApart() throws Exception {
        assertThat(http.send(request(0, KEY, BODY), BodyHandlers.ofString()).statusCode())
                .isEqualTo(201);
        HttpRequest others = HttpRequest.newBuilder(request(0, KEY, BODY), (name, value) -> true)
                .header("X-Caller", "somebody else")
                .build();
        assertThat(http.send(others, BodyHandlers.ofString()).headers().firstValue("Idempotency-Replayed"))
                .isEmpty();
        assertThat(notes()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"refused", "failed", "broken"})
    void freesTheKeyOfARequestThatMadeNothing(String mood) throws Exception {
        replicas.forEach(replica -> replica.notes().mood = mood);
        assertThat(post(0, KEY, BODY).statusCode()).isBetween(400, 599);
        assertThat(notes()).isZero();

        replicas.forEach(replica -> replica.notes().mood = "well");
        assertThat(post(1, KEY, BODY).statusCode()).isEqualTo(201);
        assertThat(notes()).isOne();
    }

    @Test
    void keepsWhatIsWrittenBesideARefusal() throws Exception {
        replicas.getFirst().notes().mood = "refused with a trace";

        assertThat(post(0, KEY, BODY).statusCode()).isEqualTo(404);

        assertThat(notes()).isOne();
    }

    @Test
    void freesTheKeyOfAnAttemptThatNeverEnds() throws Exception {
        Notes stuck = replicas.getFirst().notes();
        stuck.goOn = new CountDownLatch(1);
        CompletableFuture<HttpResponse<String>> first = http.sendAsync(request(0, KEY, BODY), BodyHandlers.ofString());
        stuck.entered.await();
        now.set(NOON.plus(Idempotency.CLAIM));

        HttpResponse<String> second = post(1, KEY, BODY);
        assertThat(second.statusCode()).isEqualTo(201);

        // It was not dead after all: what it writes is undone.
        stuck.goOn.countDown();
        assertThat(first.get().statusCode()).isEqualTo(409);
        assertThat(notes()).isOne();
        assertThat(post(0, KEY, BODY).body()).isEqualTo(second.body());
    }

    @Test
    void forgetsAnAnswerWhenItsTimeIsOver() throws Exception {
        post(0, KEY, BODY);
        now.set(NOON.plus(RETENTION).minusMillis(1));
        assertThat(post(0, KEY, BODY).headers().firstValue("Idempotency-Replayed"))
                .contains("true");

        now.set(NOON.plus(RETENTION));
        assertThat(post(0, KEY, BODY).headers().firstValue("Idempotency-Replayed"))
                .isEmpty();
        assertThat(notes()).isEqualTo(2);
    }

    @Test
    void purgesWhatItHasForgotten() throws Exception {
        post(0, KEY, BODY);
        replicas.getFirst().idempotency().purge();
        assertThat(keys()).isOne();

        now.set(NOON.plus(RETENTION));
        replicas.getFirst().idempotency().purge();
        assertThat(keys()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"\"", "\"", "\"a", "a\"b", "a b", "\"a\\b\"", "\"a\";b=c", "a\\"})
    void refusesMalformedKeys(String key) throws Exception {
        HttpResponse<String> response = post(0, key, BODY);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("\"parameter\":\"Idempotency-Key\"");
        assertThat(notes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "\"a b\"", "\"say \\\"hello\\\"\"", "a,b;c=d", "YWJj/+=="})
    void takesKeysAsClientsSendThem(String key) throws Exception {
        assertThat(post(0, key, BODY).statusCode()).isEqualTo(201);
    }

    @Test
    void takesKeysUpTo255Characters() throws Exception {
        assertThat(post(0, "k".repeat(255), BODY).statusCode()).isEqualTo(201);
        assertThat(post(0, '"' + "k".repeat(254) + "\\\\" + '"', BODY).statusCode())
                .isEqualTo(201);
        assertThat(post(0, "k".repeat(256), BODY).statusCode()).isEqualTo(400);
    }

    @Test
    void refusesTwoKeys() throws Exception {
        HttpRequest two = HttpRequest.newBuilder(request(0, KEY, BODY), (name, value) -> true)
                .header("Idempotency-Key", "other")
                .build();
        assertThat(http.send(two, BodyHandlers.ofString()).statusCode()).isEqualTo(400);
    }

    @Test
    void storesNeitherKeysNorRequestsNorAnswers() throws Exception {
        post(0, KEY, BODY);

        List<Map<String, Object>> rows = database.read(handle ->
                handle.createQuery("SELECT * FROM idempotency_key").mapToMap().list());

        assertThat(rows).hasSize(1);
        String stored = rows.getFirst().values().stream()
                .map(value -> value instanceof byte[] bytes
                        ? new String(bytes, StandardCharsets.ISO_8859_1)
                        : value.toString())
                .reduce("", String::concat);
        assertThat(stored).isNotEmpty().doesNotContain(KEY, "note of mine", "/v1/notes");
    }

    private int notes() {
        return count("note");
    }

    private int keys() {
        return count("idempotency_key");
    }

    private int count(String table) {
        return database.read(handle -> handle.createQuery("SELECT count(*) FROM " + table)
                .mapTo(Integer.class)
                .one());
    }

    private HttpResponse<String> post(int replica, String key, String body) throws Exception {
        return http.send(request(replica, key, body), BodyHandlers.ofString());
    }

    private HttpRequest request(int replica, String key, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + replicas.get(replica).server().port() + "/v1/notes"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        return request.build();
    }

    private Replica replica() throws Exception {
        InstantSource source = now::get;
        Clock clock = source.withZone(ZoneOffset.UTC);
        Database own = NoteMigrations.using(underTest::open);
        Idempotency idempotency = new Idempotency(
                own, new IdempotencySettings(RETENTION), new byte[] {1, 2, 3}, mapper, new SecureRandom(), clock);
        Notes notes = new Notes(own, idempotency, new JsonReader(mapper));
        ServiceServer server = ServiceServer.builder(ServiceConfig.of(Map.of()), new Meters())
                .routes(rules -> rules.register("/v1/notes", notes))
                .closing(own)
                .build()
                .start();
        return new Replica(server, idempotency, notes);
    }

    private record Replica(ServiceServer server, Idempotency idempotency, Notes notes) {
        void stop() {
            server.stop();
        }
    }

    /** Makes notes, with moods. */
    private static final class Notes implements HttpService {
        private final Database database;
        private final Idempotency idempotency;
        private final JsonReader json;
        private final CountDownLatch entered = new CountDownLatch(1);
        private volatile CountDownLatch goOn = new CountDownLatch(0);
        private volatile String mood = "well";

        Notes(Database database, Idempotency idempotency, JsonReader json) {
            this.database = database;
            this.idempotency = idempotency;
            this.json = json;
        }

        @Override
        public void routing(HttpRules rules) {
            rules.post("/", idempotency.on(Notes::caller, this::create));
        }

        private static String caller(ServerRequest request) {
            return request.headers().first(HeaderNames.create("X-Caller")).orElse("me");
        }

        private void create(ServerRequest request, ServerResponse response) throws InterruptedException {
            JsonFields body = json.fields(request);
            String text = body.required("text", Function.identity());
            body.done();
            entered.countDown();
            goOn.await();
            UUID id = UUID.randomUUID();
            if (mood.equals("refused")) {
                throw new ProblemException(ProblemType.NOT_FOUND, "No.");
            }
            database.write(
                    handle -> handle.createUpdate("INSERT INTO note (id, text, created_at) VALUES (:id, :text, :now)")
                            .bind("id", id)
                            .bind("text", text)
                            .bind("now", NOON)
                            .execute());
            switch (mood) {
                case "refused with a trace" -> throw new ProblemException(ProblemType.NOT_FOUND, "No.");
                case "failed" -> throw ProblemException.unavailable("No.", Duration.ofSeconds(1), null);
                case "broken" -> throw new IllegalStateException("a bug");
                default ->
                    response.status(Status.CREATED_201)
                            .header(HeaderNames.LOCATION, "/v1/notes/" + id)
                            .header(new EntityTag("1").header())
                            .header(HeaderNames.CACHE_CONTROL, "no-store")
                            .send(Map.of("id", id, "text", text));
            }
        }
    }
}
