// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.taskplatform.kit.outbound.FaultyPeer.Behaviour;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerClientFaultsTest {
    /** Ends any test that would wait for ever; none waits for it to pass. */
    private static final Duration LONG = Duration.ofMinutes(1);

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration SLOW = Duration.ofSeconds(1);
    private static final Duration AGE = Duration.ofMinutes(2);
    private static final PeerRequest GET = PeerRequest.get("/call");
    private static final PeerRequest POST = PeerRequest.post("/call", "{}".getBytes(StandardCharsets.UTF_8));
    /** In the middle of every range. */
    private static final RandomGenerator HALF = () -> Long.MIN_VALUE;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final SteppedTime time = new SteppedTime();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private FaultyPeer peer;

    @BeforeEach
    void start() throws IOException {
        peer = new FaultyPeer();
    }

    @AfterEach
    void stop() throws IOException {
        peer.close();
    }

    @Test
    void sendsThePathAndTheHeadersAsTheyAre() {
        try (PeerClient client = client(settings(LONG, LONG))) {
            String path = "/call?after=c%2Bd%3D%26e";
            client.send(PeerRequest.get(path).with("Authorization", "Bearer a.b~c=="));
            assertThat(peer.lastRequest())
                    .startsWith("GET " + path + " HTTP/1.1\r\n")
                    .containsIgnoringCase("\r\nauthorization: Bearer a.b~c==\r\n")
                    .containsIgnoringCase("\r\nhost: " + peer.url().getAuthority() + "\r\n");
        }
    }

    @Test
    void takesNoPathThatItCouldNotSend() {
        assertThatThrownBy(() -> PeerRequest.get("/call/a%2Fb?c=%2F")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void triesAgainAfterPausesThatGrow() {
        AtomicInteger attempt = new AtomicInteger();
        peer.does((connection, out) -> (attempt.incrementAndGet() < 3
                        ? FaultyPeer.answers(500, "", "")
                        : FaultyPeer.answers("at last"))
                .answer(connection, out));
        try (PeerClient client = client(settings(LONG, LONG))) {
            assertThat(text(client.send(GET))).isEqualTo("at last");
        }
        assertThat(time.pauses()).containsExactly(Duration.ofMillis(50), Duration.ofMillis(100));
        assertThat(counter("http.client.retries")).isEqualTo(2);
        assertThat(attempts("failure")).isEqualTo(2);
        assertThat(attempts("answer")).isOne();
        assertThat(calls("answer")).isOne();
    }

    @Test
    void triesNoMoreThanThreeTimes() {
        peer.does(FaultyPeer.answers(500, "", ""));
        try (PeerClient client = client(settings(LONG, LONG))) {
            assertThatThrownBy(() -> client.send(POST.repeating()))
                    .isInstanceOf(PeerUnavailableException.class)
                    .hasMessageContaining("answered with status 500");
        }
        assertThat(peer.requests()).isEqualTo(3);
        assertThat(calls("failure")).isOne();
    }

    @Test
    void repeatsNothingThatMayDoHarm() {
        peer.does(FaultyPeer.resets());
        try (PeerClient client = client(settings(LONG, LONG))) {
            assertThatThrownBy(() -> client.send(POST)).isInstanceOf(PeerUnavailableException.class);
        }
        assertThat(peer.requests()).isOne();
        assertThat(time.pauses()).isEmpty();
    }

    @Test
    void addsLittleToTheLoadOfAPeerInTrouble() {
        AtomicInteger attempt = new AtomicInteger();
        peer.does((connection, out) -> (attempt.getAndIncrement() % 3 == 0
                        ? FaultyPeer.answers(500, "", "")
                        : FaultyPeer.answers("ok"))
                .answer(connection, out));
        int answers = 0;
        try (PeerClient client = client(settings(LONG, LONG))) {
            for (int call = 0; call < 200; call++) {
                try {
                    client.send(GET);
                    answers++;
                } catch (PeerUnavailableException e) {
                    assertThat(e).hasMessageContaining("answered with status 500");
                }
            }
        }
        // What it began with, and a tenth of the calls.
        assertThat(counter("http.client.retries")).isBetween(20.0, 30.0);
        assertThat(peer.requests()).isEqualTo(200 + (int) counter("http.client.retries"));
        assertThat(counter("http.client.retries.denied"))
                .isEqualTo(200 - answers)
                .isPositive();
    }

    @Test
    void comesBackWhenThePeerSaysSo() {
        AtomicInteger attempt = new AtomicInteger();
        peer.does((connection, out) -> (attempt.getAndIncrement() == 0
                        ? FaultyPeer.answers(503, "Retry-After: 7\r\n", "")
                        : FaultyPeer.answers("ok"))
                .answer(connection, out));
        try (PeerClient client = client(settings(LONG, LONG))) {
            assertThat(text(client.send(GET))).isEqualTo("ok");
        }
        assertThat(time.pauses()).containsExactly(Duration.ofMillis(7_050));
    }

    @Test
    void comesBackNoMoreWhenThePeerWantsThatAfterTheDeadline() {
        peer.does(FaultyPeer.answers(503, "Retry-After: 70\r\n", ""));
        try (PeerClient client = client(settings(LONG, LONG))) {
            assertThatExceptionOfType(PeerUnavailableException.class)
                    .isThrownBy(() -> client.send(GET))
                    .satisfies(e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(70)));
        }
        assertThat(peer.requests()).isOne();
    }

    @Test
    void triesAgainWhenAnAttemptHangs() {
        AtomicInteger attempt = new AtomicInteger();
        peer.does((connection, out) -> (attempt.getAndIncrement() == 1 ? FaultyPeer.hangs() : FaultyPeer.answers("ok"))
                .answer(connection, out));
        try (PeerClient client = client(settings(LONG, SHORT))) {
            client.send(GET);
            // This one hangs on the connection of the first.
            assertThat(text(client.send(GET))).isEqualTo("ok");
            assertThat(peer.connections()).isEqualTo(2);
            await().until(() -> peer.openConnections() == 1);
        }
        assertThat(attempts("timeout")).isOne();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void givesUpWhenAllAttemptsHang(boolean repeating) {
        peer.does(FaultyPeer.hangs());
        try (PeerClient client = client(settings(SHORT, SHORT))) {
            assertThatThrownBy(() -> client.send(repeating ? GET : POST))
                    .isInstanceOf(PeerUnavailableException.class)
                    .hasMessageContaining("did not answer within");
            await().until(() -> peer.openConnections() == 0);
        }
        assertThat(peer.requests()).isEqualTo(repeating ? 3 : 1);
        assertThat(calls("timeout")).isOne();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void givesUpOnAnAnswerThatTrickles(boolean repeating) {
        peer.does(peer.trickles());
        try (PeerClient client = client(settings(SHORT, SHORT))) {
            assertThatThrownBy(() -> client.send(repeating ? GET : POST))
                    .isInstanceOf(PeerUnavailableException.class)
                    .hasMessageContaining("did not answer within");
            await().until(() -> peer.openConnections() == 0);
        }
    }

    @Test
    void givesUpAtTheDeadlineEvenBetweenAttempts() {
        peer.does((connection, out) -> {
            time.pass(LONG.minusMillis(60));
            FaultyPeer.answers(500, "", "").answer(connection, out);
        });
        try (PeerClient client = client(settings(LONG, LONG))) {
            assertThatThrownBy(() -> client.send(GET)).isInstanceOf(PeerUnavailableException.class);
        }
        // There was time for one pause, and none for another attempt that long.
        assertThat(peer.requests()).isEqualTo(2);
    }

    @Test
    void triesAgainOnANewConnectionAfterAReset() {
        AtomicInteger attempt = new AtomicInteger();
        peer.does((connection, out) -> (attempt.getAndIncrement() == 1 ? FaultyPeer.resets() : FaultyPeer.answers("ok"))
                .answer(connection, out));
        try (PeerClient client = client(settings(LONG, LONG))) {
            client.send(GET);
            assertThat(text(client.send(GET))).isEqualTo("ok");
        }
        assertThat(peer.requests()).isEqualTo(3);
        assertThat(counter("http.client.retries")).isOne();
    }

    static Stream<String> garbage() {
        return Stream.of(
                "",
                "\0\1\2\3",
                "hello\r\n\r\n",
                "SSH-2.0-OpenSSH_9.6\r\n",
                "HTTP/1.1\r\n\r\n",
                "HTTP/1.1 abc OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + "a".repeat(100_000),
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nok\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok",
                "HTTP/1.1 200 " + "a".repeat(100_000),
                "HTTP/1.1 200 OK\r\nX: " + "a".repeat(100_000) + "\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\n".repeat(100));
    }

    @ParameterizedTest
    @MethodSource("garbage")
    void takesNoGarbageForAnAnswer(String bytes) {
        peer.does(FaultyPeer.says(bytes));
        try (PeerClient client = client(settings(LONG, LONG))) {
            assertThatThrownBy(() -> client.send(POST))
                    .isInstanceOf(PeerUnavailableException.class)
                    .hasMessageContaining("failed: ");
            assertThat(attempts("failure")).isOne();

            peer.does(FaultyPeer.answers("ok"));
            assertThat(text(client.send(POST))).isEqualTo("ok");
        }
    }

    @Test
    void takesNothingThatComesAfterAnAnswerForTheNext() {
        peer.does((connection, out) -> {
            String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";
            out.write((answer + "ok" + answer + "no").getBytes(StandardCharsets.US_ASCII));
        });
        try (PeerClient client = client(settings(LONG, LONG))) {
            assertThat(text(client.send(POST))).isEqualTo("ok");
            assertThat(text(client.send(POST))).isEqualTo("ok");
        }
    }

    @Test
    void leavesASlowPeerAloneThoughItAnswers() {
        peer.does((connection, out) -> {
            time.pass(SLOW.plusMillis(1));
            FaultyPeer.answers("ok").answer(connection, out);
        });
        try (PeerClient client = client(settings(LONG, LONG))) {
            for (int call = 0; call < 10; call++) {
                assertThat(text(client.send(GET))).isEqualTo("ok");
            }
            assertIsLeftAlone(client);

            peer.does(FaultyPeer.answers("ok"));
            now.set(now.get().plusSeconds(6));
            for (int call = 0; call < 5; call++) {
                assertThat(text(client.send(GET))).isEqualTo("ok");
            }
            assertThat(state("closed")).isOne();
        }
    }

    @Test
    void doesNotCallAPeerSlowThatWaitsAsItIsTold() {
        peer.does((connection, out) -> {
            time.pass(Duration.ofSeconds(20));
            FaultyPeer.answers("ok").answer(connection, out);
        });
        try (PeerClient client = client(settings(LONG, LONG))) {
            for (int call = 0; call < 20; call++) {
                client.send(GET.waiting(Duration.ofSeconds(20)));
            }
            assertThat(state("closed")).isOne();
        }
    }

    @Test
    void comesBackToAPeerThatWasAway() throws IOException {
        try (PeerClient client = client(settings(LONG, LONG))) {
            client.send(GET);
            peer.goAway();
            await().until(() -> peer.openConnections() == 0);
            while (state("closed") == 1) {
                assertThatThrownBy(() -> client.send(GET)).isInstanceOf(PeerUnavailableException.class);
            }
            assertIsLeftAlone(client);

            peer.comeBack();
            assertIsLeftAlone(client);
            now.set(now.get().plusSeconds(6));
            for (int call = 0; call < 3; call++) {
                assertThat(text(client.send(GET))).isEqualTo("ok");
            }
            assertThat(state("closed")).isOne();
        }
    }

    @Test
    void isLeftAloneAgainWhenItIsStillAway() throws IOException {
        peer.goAway();
        try (PeerClient client = client(settings(LONG, LONG))) {
            while (state("closed") == 1) {
                assertThatThrownBy(() -> client.send(POST)).isInstanceOf(PeerUnavailableException.class);
            }
            now.set(now.get().plusSeconds(6));
            int before = peer.connections();
            for (int call = 0; call < 10; call++) {
                assertThatThrownBy(() -> client.send(POST)).isInstanceOf(PeerUnavailableException.class);
            }
            assertThat(peer.connections() - before).isEqualTo(3);
            assertThat(state("open")).isOne();
        }
    }

    @Test
    void triesAPeerThatWasAwayWithFewCalls() throws Exception {
        CountDownLatch let = new CountDownLatch(1);
        peer.does(FaultyPeer.answers(500, "", ""));
        try (PeerClient client = client(settings(LONG, LONG));
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int call = 0; call < 10; call++) {
                assertThatThrownBy(() -> client.send(POST)).isInstanceOf(PeerUnavailableException.class);
            }
            peer.does(FaultyPeer.answersAfter(let));
            now.set(now.get().plusSeconds(6));
            List<Future<PeerResponse>> trials = new ArrayList<>();
            for (int call = 0; call < 3; call++) {
                trials.add(executor.submit(() -> client.send(POST)));
            }
            await().until(() -> peer.requests() == 13);
            assertThat(state("half-open")).isOne();
            assertThatThrownBy(() -> client.send(POST)).hasMessageContaining("left alone");

            let.countDown();
            for (Future<PeerResponse> trial : trials) {
                assertThat(trial.get().status()).isEqualTo(200);
            }
            assertThat(state("closed")).isOne();
        }
        assertThat(peer.requests()).isEqualTo(13);
    }

    @Test
    void refusesMoreCallsThanItMayMakeAtOnce() throws Exception {
        CountDownLatch let = new CountDownLatch(1);
        peer.does(FaultyPeer.answersAfter(let));
        try (PeerClient client = client(settings(LONG, LONG));
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<PeerResponse>> calls = new ArrayList<>();
            for (int call = 0; call < 5; call++) {
                calls.add(executor.submit(() -> client.send(GET)));
            }
            await().until(() -> peer.requests() == 5);
            assertThat(gauge("http.client.calls"))
                    .isEqualTo(gauge("http.client.calls.max"))
                    .isEqualTo(5);
            assertThatThrownBy(() -> client.send(GET)).isInstanceOf(PeerBusyException.class);
            assertThat(calls("busy")).isOne();

            let.countDown();
            for (Future<PeerResponse> call : calls) {
                assertThat(call.get().status()).isEqualTo(200);
            }
            assertThat(gauge("http.client.calls")).isZero();
            assertThat(client.send(GET).status()).isEqualTo(200);
        }
        // Was never asked.
        assertThat(peer.requests()).isEqualTo(6);
        assertThat(peer.connections()).isEqualTo(5);
    }

    @Test
    void goesToTheNewReplicaWhenTheConnectionIsOld() {
        peer.does(onEachConnection("old"));
        try (PeerClient client = client(settings(LONG, LONG))) {
            assertThat(text(client.send(POST))).isEqualTo("old");
            peer.does(onEachConnection("new"));
            time.pass(AGE.multipliedBy(8).dividedBy(10));
            assertThat(text(client.send(POST))).isEqualTo("old");
            assertThat(counter("http.client.connections.aged")).isZero();

            time.pass(AGE.multipliedBy(2).dividedBy(10));
            assertThat(text(client.send(POST))).isEqualTo("new");
            assertThat(counter("http.client.connections.aged")).isOne();
            assertThat(counter("http.client.connections.opened")).isEqualTo(2);
            assertThat(gauge("http.client.connections.open")).isOne();
            await().until(() -> peer.openConnections() == 1);
        }
        assertThat(gauge("http.client.connections.open")).isZero();
    }

    @Test
    void closesAConnectionThatGrewOldDuringACall() {
        peer.does((connection, out) -> {
            time.pass(AGE);
            FaultyPeer.answers("ok").answer(connection, out);
        });
        try (PeerClient client = client(settings(LONG, LONG))) {
            assertThat(text(client.send(POST))).isEqualTo("ok");
            assertThat(counter("http.client.connections.aged")).isOne();
            await().until(() -> peer.openConnections() == 0);
        }
    }

    @Test
    void takesNoConnectionThatThePeerHasClosed() {
        peer.does((connection, out) -> {
            FaultyPeer.answers(200, "Connection: close\r\n", "ok").answer(connection, out);
            connection.close();
        });
        try (PeerClient client = client(settings(LONG, LONG))) {
            for (int call = 0; call < 5; call++) {
                assertThat(text(client.send(POST))).isEqualTo("ok");
            }
            assertThat(gauge("http.client.connections.open")).isZero();
        }
        assertThat(peer.connections()).isEqualTo(5);
    }

    @Test
    void endsCallsThatAreUnderWayWhenItIsClosed() throws Exception {
        peer.does(FaultyPeer.hangs());
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            PeerClient client = client(settings(LONG, LONG));
            Future<PeerResponse> call = executor.submit(() -> client.send(GET));
            await().until(() -> peer.requests() == 1);
            client.close();
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(call::get)
                    .withCauseInstanceOf(PeerUnavailableException.class);
            assertThatThrownBy(() -> client.send(GET))
                    .isInstanceOf(PeerUnavailableException.class)
                    .hasMessageContaining("the client is closed");
        }
        assertThat(peer.requests()).isOne();
    }

    @Test
    void waitsNoLongerWhenItIsInterrupted() throws Exception {
        peer.does(FaultyPeer.hangs());
        try (PeerClient client = client(settings(LONG, LONG))) {
            AtomicReference<Throwable> end = new AtomicReference<>();
            Thread caller = Thread.ofVirtual().start(() -> {
                try {
                    client.send(GET);
                } catch (PeerUnavailableException e) {
                    end.set(Thread.currentThread().isInterrupted() ? e : null);
                }
            });
            await().until(() -> peer.requests() == 1);
            caller.interrupt();
            caller.join();
            assertThat(end.get()).isNotNull();
            await().until(() -> peer.openConnections() == 0);
        }
    }

    /** Connections keep to the first of these that they meet, as they keep to a pod. */
    private static Behaviour onEachConnection(String name) {
        return (connection, out) -> {
            do {
                FaultyPeer.answers(name).answer(connection, out);
            } while (FaultyPeer.read(connection.getInputStream()) != null);
        };
    }

    private void assertIsLeftAlone(PeerClient client) {
        int before = peer.connections() + peer.requests();
        assertThatThrownBy(() -> client.send(GET))
                .isInstanceOf(PeerUnavailableException.class)
                .hasMessageContaining("left alone");
        assertThat(peer.connections() + peer.requests()).isEqualTo(before);
        assertThat(state("open")).isOne();
    }

    private PeerSettings settings(Duration timeout, Duration attemptTimeout) {
        return new PeerSettings("peer", peer.url(), timeout, attemptTimeout, SLOW, 0.1, AGE, 5);
    }

    private PeerClient client(PeerSettings settings) {
        Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
        return new PeerClient(settings, clock, time, HALF, meters);
    }

    private static String text(PeerResponse response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private double counter(String name) {
        return meters.get(name).tag("peer", "peer").counter().count();
    }

    private double gauge(String name) {
        return meters.get(name).tag("peer", "peer").gauge().value();
    }

    private double attempts(String outcome) {
        return meters.get("http.client.attempts")
                .tag("peer", "peer")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private long calls(String outcome) {
        return meters.get("http.client.request.duration")
                .tag("peer", "peer")
                .tag("outcome", outcome)
                .timer()
                .count();
    }

    private double state(String name) {
        return meters.get("circuit.breaker.state")
                .tag("peer", "peer")
                .tag("state", name)
                .gauge()
                .value();
    }
}
