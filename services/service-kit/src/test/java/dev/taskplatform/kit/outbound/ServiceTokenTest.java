// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taskplatform.kit.json.Json;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.Handler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceTokenTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicReference<String> form = new AtomicReference<>();
    private final AtomicReference<String> authorization = new AtomicReference<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Handler handler = (request, response) -> response.send(answer("token-" + requests.get(), 900));
    private WebServer issuer;

    @TempDir
    private Path directory;

    @BeforeEach
    void start() {
        issuer = WebServer.builder()
                .shutdownHook(false)
                .host("127.0.0.1")
                .port(0)
                .routing(routing -> routing.post("/oauth2/token", (request, response) -> {
                    requests.incrementAndGet();
                    form.set(request.content().as(String.class));
                    authorization.set(
                            request.headers().first(HeaderNames.AUTHORIZATION).orElse(null));
                    handler.handle(request, response);
                }))
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        closing.countDown();
        issuer.stop();
    }

    @Test
    void showsTheTokenOfTheServiceAccountAsItIsNow() throws IOException {
        Path file = write("first");
        try (PeerClient client = client(TIMEOUT)) {
            ServiceToken token = token(client, new ServiceCredentials.Assertion(file));
            assertThat(token.get()).isEqualTo("token-1");
            assertThat(form.get().split("&"))
                    .containsExactlyInAnyOrder(
                            "grant_type=client_credentials",
                            "scope=events+users%3Aread",
                            "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer",
                            "client_assertion=first");
            assertThat(authorization.get()).isNull();

            write("second");
            token.forget("token-1");
            assertThat(token.get()).isEqualTo("token-2");
            assertThat(form.get()).contains("client_assertion=second");
        }
    }

    @Test
    void showsTheSecretOfAClient() throws IOException {
        Path file = write("a secret: 100%\n");
        try (PeerClient client = client(TIMEOUT)) {
            token(client, new ServiceCredentials.Secret("my client", file)).get();
        }
        byte[] basic = Base64.getDecoder().decode(authorization.get().substring("Basic ".length()));
        assertThat(basic).asString(StandardCharsets.US_ASCII).isEqualTo("my+client:a+secret%3A+100%25");
        assertThat(form.get()).doesNotContain("secret");
    }

    @Test
    void keepsTheTokenUntilShortlyBeforeItExpires() throws IOException {
        try (PeerClient client = client(TIMEOUT)) {
            ServiceToken token = token(client, assertion());
            assertThat(token.get()).isEqualTo("token-1");

            now.set(Instant.EPOCH.plusSeconds(839));
            assertThat(token.get()).isEqualTo("token-1");
            now.set(Instant.EPOCH.plusSeconds(840));
            assertThat(token.get()).isEqualTo("token-2");
        }
    }

    @Test
    void forgetsOnlyTheTokenThatWasRefused() throws IOException {
        try (PeerClient client = client(TIMEOUT)) {
            ServiceToken token = token(client, assertion());
            token.get();
            token.forget("an older one");
            assertThat(token.get()).isEqualTo("token-1");
        }
    }

    @Test
    void showsAnotherTokenOnceWhenOneIsRefused() throws IOException {
        try (PeerClient client = client(TIMEOUT);
                FaultyPeer peer = new FaultyPeer();
                PeerClient caller = client(peer.url(), TIMEOUT)) {
            ServiceToken token = token(client, assertion());
            peer.does(FaultyPeer.answers(401, "", ""));
            assertThat(token.send(caller, PeerRequest.post("/call")).status()).isEqualTo(401);
            assertThat(peer.requests()).isEqualTo(2);
            assertThat(peer.lastRequest()).contains("Authorization: Bearer token-2\r\n");

            peer.does(FaultyPeer.answers("ok"));
            assertThat(token.send(caller, PeerRequest.post("/call")).status()).isEqualTo(200);
            assertThat(peer.lastRequest()).contains("Authorization: Bearer token-2\r\n");
        }
    }

    @Test
    void asksOnceForManyThatNeedIt() throws Exception {
        CountDownLatch answering = new CountDownLatch(1);
        handler = (request, response) -> {
            answering.await();
            response.send(answer("shared", 900));
        };
        try (PeerClient client = client(TIMEOUT);
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            ServiceToken token = token(client, assertion());
            List<Future<String>> needs = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                needs.add(executor.submit((Callable<String>) token::get));
            }
            answering.countDown();
            for (Future<String> need : needs) {
                assertThat(need.get()).isEqualTo("shared");
            }
        }
        assertThat(requests).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | {\"error\": \"invalid_client\"}  | status 401, invalid_client",
                "400 | {\"error\": \"my s3cret\"}       | status 400",
                "302 | <html>                           | status 302"
            })
    void tellsWhyItIsRefused(int status, String body, String reason) throws IOException {
        handler = (request, response) -> response.status(Status.create(status)).send(body);
        try (PeerClient client = client(TIMEOUT)) {
            ServiceToken token = token(client, assertion());
            assertThatThrownBy(token::get)
                    .isInstanceOf(ServiceTokenException.class)
                    .hasMessageEndingWith(reason);

            handler = (request, response) -> response.send(answer("at-last", 900));
            assertThat(token.get()).isEqualTo("at-last");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>s3cret",
                "{\"access_token\": s3cret}",
                "{}",
                "{\"access_token\": \"s3cret\"}",
                "{\"access_token\": \"s3cret\", \"expires_in\": -1}",
                "{\"access_token\": \"\", \"expires_in\": 900}",
                "{\"access_token\": \"s3cret\\r\\nCookie: a=b\", \"expires_in\": 900}"
            })
    void takesNothingForATokenThatIsNone(String body) throws IOException {
        handler = (request, response) -> response.send(body);
        try (PeerClient client = client(TIMEOUT)) {
            assertThatThrownBy(token(client, assertion())::get)
                    .isInstanceOf(PeerUnavailableException.class)
                    .hasNoCause()
                    .hasMessageNotContaining("s3cret");
        }
    }

    @Test
    void waitsNoLongerThanTheDeadline() throws IOException {
        handler = (request, response) -> closing.await();
        try (PeerClient client = client(Duration.ofMillis(200))) {
            assertThatThrownBy(token(client, assertion())::get).isInstanceOf(PeerUnavailableException.class);
        }
    }

    @Test
    void namesTheFileThatItCannotRead() throws IOException {
        Path missing = directory.resolve("missing");
        try (PeerClient client = client(TIMEOUT)) {
            assertThatThrownBy(token(client, new ServiceCredentials.Assertion(missing))::get)
                    .isInstanceOf(ServiceTokenException.class)
                    .hasMessageContaining(missing.toString());
            assertThatThrownBy(token(client, new ServiceCredentials.Assertion(write("\n")))::get)
                    .isInstanceOf(ServiceTokenException.class);
        }
        assertThat(requests).hasValue(0);
    }

    @Test
    void readsWhatIsConfigured() {
        assertThat(credentials(Map.of())).isEqualTo("Optional.empty");
        assertThat(credentials(Map.of("peer.token-file", "", "peer.client-id", "")))
                .isEqualTo("Optional.empty");
        assertThat(credentials(Map.of("peer.token-file", "/a"))).contains("Assertion", "/a");
        assertThat(credentials(Map.of("peer.client-id", "me", "peer.client-secret-file", "/b")))
                .contains("Secret", "me", "/b");
        assertThatThrownBy(() -> credentials(Map.of("peer.client-id", "me")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("peer.client-secret-file");
        assertThatThrownBy(() -> credentials(
                        Map.of("peer.token-file", "/a", "peer.client-id", "me", "peer.client-secret-file", "/b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("peer.token-file");
    }

    private static String credentials(Map<String, String> settings) {
        Config config = Config.just(ConfigSources.create(settings));
        return ServiceCredentials.from(config.get("peer")).toString();
    }

    private ServiceToken token(PeerClient client, ServiceCredentials credentials) {
        return new ServiceToken(client, credentials, "events users:read", Json.mapper(), clock);
    }

    private ServiceCredentials assertion() throws IOException {
        return new ServiceCredentials.Assertion(write("assertion"));
    }

    private Path write(String content) throws IOException {
        return Files.writeString(directory.resolve("token"), content);
    }

    private PeerClient client(Duration timeout) {
        return client(URI.create("http://127.0.0.1:" + issuer.port()), timeout);
    }

    private PeerClient client(URI url, Duration timeout) {
        return new PeerClient(
                PatientPeerSettings.of("issuer", url, timeout, 20), clock, new Random(1), new SimpleMeterRegistry());
    }

    private static String answer(String token, int seconds) {
        return "{\"access_token\": \"%s\", \"token_type\": \"Bearer\", \"expires_in\": %d}".formatted(token, seconds);
    }
}
