// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taskplatform.kit.observe.RequestId;
import io.helidon.common.context.Context;
import io.helidon.common.context.Contexts;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.Handler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerClientTest {
    /** Ends any test that would wait for ever; none waits for it to pass. */
    private static final Duration LONG = Duration.ofMinutes(1);

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicInteger calls = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Handler handler = (request, response) -> response.send("ok");
    private WebServer peer;

    @BeforeEach
    void start() {
        peer = WebServer.builder()
                .shutdownHook(false)
                .host("127.0.0.1")
                .port(0)
                .routing(routing -> routing.post("/call", (request, response) -> {
                    calls.incrementAndGet();
                    handler.handle(request, response);
                }))
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        closing.countDown();
        peer.stop();
    }

    @Test
    void carriesTheBodyAndTheRequestIdThereAndTheAnswerBack() throws Exception {
        handler = (request, response) -> {
            String answer = request.content().as(String.class)
                    + request.headers().get(RequestId.HEADER).get();
            response.status(Status.CREATED_201).send(answer);
        };
        Context context = Context.create();
        context.register(new RequestId("abc"));
        try (PeerClient client = client(LONG, 1)) {
            PeerResponse response =
                    Contexts.runInContext(context, (Callable<PeerResponse>) () -> client.post("/call", BODY));

            assertThat(response.status()).isEqualTo(201);
            assertThat(response.body()).asString(StandardCharsets.UTF_8).isEqualTo("{}abc");
        }
    }

    @ParameterizedTest
    @CsvSource({"200, true", "302, true", "404, true", "429, true", "500, false", "503, false"})
    void takesAnswersBelow500(int status, boolean taken) {
        handler = (request, response) -> response.status(Status.create(status)).send();
        try (PeerClient client = client(LONG, 1)) {
            if (taken) {
                assertThat(client.post("/call", BODY).status()).isEqualTo(status);
            } else {
                assertThatThrownBy(() -> client.post("/call", BODY)).isInstanceOf(PeerUnavailableException.class);
            }
        }
        // A failure is not tried again.
        assertThat(calls).hasValue(1);
    }

    @Test
    void givesUpAtTheDeadline() {
        handler = (request, response) -> closing.await();
        try (PeerClient client = client(SHORT, 1)) {
            assertThatThrownBy(() -> client.post("/call", BODY))
                    .isInstanceOf(PeerUnavailableException.class)
                    .hasMessageContaining("did not answer within");
        }
        assertThat(timer("timeout")).isOne();
    }

    @Test
    void givesUpOnABodyThatNeverEnds() {
        handler = (request, response) -> {
            var out = response.outputStream();
            out.write(1);
            out.flush();
            closing.await();
        };
        try (PeerClient client = client(SHORT, 1)) {
            assertThatThrownBy(() -> client.post("/call", BODY)).isInstanceOf(PeerUnavailableException.class);
        }
    }

    @Test
    void refusesALongBody() {
        handler = (request, response) -> response.send(new byte[100_000]);
        try (PeerClient client = client(LONG, 1)) {
            assertThatThrownBy(() -> client.post("/call", BODY)).isInstanceOf(PeerUnavailableException.class);
        }
    }

    @Test
    void leavesAFailingPeerAloneForAWhile() {
        handler = (request, response) ->
                response.status(Status.INTERNAL_SERVER_ERROR_500).send();
        try (PeerClient client = client(LONG, 1)) {
            for (int i = 0; i < 15; i++) {
                assertThatThrownBy(() -> client.post("/call", BODY)).isInstanceOf(PeerUnavailableException.class);
            }
            assertThat(calls).hasValue(10);
            assertThat(timer("breaker-open")).isEqualTo(5);
            assertThat(meters.get("circuit.breaker.state")
                            .tag("state", "open")
                            .gauge()
                            .value())
                    .isOne();

            handler = (request, response) -> response.send();
            now.set(now.get().plusSeconds(6));
            for (int i = 0; i < 5; i++) {
                assertThat(client.post("/call", BODY).status()).isEqualTo(200);
            }
            assertThat(meters.get("circuit.breaker.state")
                            .tag("state", "open")
                            .gauge()
                            .value())
                    .isZero();
        }
    }

    @Test
    void saysSoWhenNobodyListens() {
        try (PeerClient client = client(LONG, 1)) {
            peer.stop();
            assertThatThrownBy(() -> client.post("/call", BODY))
                    .isInstanceOf(PeerUnavailableException.class)
                    .hasMessageContainingAll("peer at http://127.0.0.1", "ConnectException");
        }
    }

    @ParameterizedTest
    @CsvSource({"peer", "/peer", "ftp://peer", "http:///path"})
    void wantsAUrl(String url) {
        assertThatThrownBy(() -> PatientPeerSettings.of("peer", URI.create(url), LONG, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("peer.url: ");
    }

    @ParameterizedTest
    @CsvSource({
        "timeout, PT0S, must be longer than 0",
        "attempt-timeout, PT0S, must be longer than 0",
        "slow-call, PT-1S, must be longer than 0",
        "retry-budget, 1.5, must be 0 to 1",
        "retry-budget, -0.1, must be 0 to 1",
        "retry-budget, NaN, must be 0 to 1",
        "max-connection-age, PT0S, must be longer than 0",
        "max-connection-age, PT25H, must be at most PT24H"
    })
    void namesTheSettingThatIsWrong(String key, String value, String reason) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "peer.url", "http://peer",
                "peer.timeout", "PT2S",
                "peer.attempt-timeout", "PT1S",
                "peer.slow-call", "PT1S",
                "peer.retry-budget", "0.1",
                "peer.max-connection-age", "PT2M"));
        assertThat(settings(settings))
                .isEqualTo(new PeerSettings(
                        "peer",
                        URI.create("http://peer"),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        0.1,
                        Duration.ofMinutes(2),
                        7));
        settings.put("peer." + key, value);
        assertThatThrownBy(() -> settings(settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("peer." + key + ": " + reason);
    }

    private static PeerSettings settings(Map<String, String> settings) {
        return PeerSettings.from(Config.just(ConfigSources.create(settings)).get("peer"), 7);
    }

    private PeerClient client(Duration timeout, int maxConcurrent) {
        InstantSource source = now::get;
        URI url = URI.create("http://127.0.0.1:" + peer.port());
        return new PeerClient(
                PatientPeerSettings.of("peer", url, timeout, maxConcurrent),
                source.withZone(ZoneOffset.UTC),
                new Random(1),
                meters);
    }

    private long timer(String outcome) {
        return meters.get("http.client.request.duration")
                .tag("peer", "peer")
                .tag("outcome", outcome)
                .timer()
                .count();
    }
}
