// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteKeysTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final AtomicInteger fetches = new AtomicInteger();
    private final AtomicReference<String> published = new AtomicReference<>();
    private final CountDownLatch answering = new CountDownLatch(1);
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private InetSocketAddress socket;
    private HttpServer issuer;
    private RemoteKeys keys;
    private AccessTokenVerifier verifier;

    @BeforeEach
    void start() throws Exception {
        socket = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        listen();
        socket = issuer.getAddress();
    }

    @AfterEach
    void stop() throws Exception {
        answering.countDown();
        keys.close();
        issuer.stop(0);
        executor.close();
    }

    private void listen() throws IOException {
        issuer = HttpServer.create(socket, 0);
        issuer.setExecutor(executor);
        issuer.createContext("/keys", exchange -> {
            fetches.incrementAndGet();
            awaitAnswering();
            byte[] body = published.get().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            try (exchange) {
                exchange.getResponseBody().write(body);
            }
        });
        issuer.start();
    }

    private void awaitAnswering() {
        try {
            answering.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void open(Duration timeout) {
        keys = RemoteKeys.open(URI.create("http://127.0.0.1:" + socket.getPort() + "/keys"), timeout);
        verifier = new AccessTokenVerifier(keys, "issuer", "us", Clock.systemUTC());
    }

    private void openWell() {
        answering.countDown();
        open(TIMEOUT);
    }

    @Test
    void asksTheIssuerOnceForManyTokens() throws Exception {
        ECKey key = publish("one");
        openWell();

        for (int i = 0; i < 20; i++) {
            verifier.verify(token(key));
        }

        assertThat(fetches).hasValue(1);
    }

    @Test
    void learnsANewKeyWhenItMeetsIt() throws Exception {
        ECKey first = publish("one");
        openWell();
        verifier.verify(token(first));
        ECKey second = publish("two");

        assertThat(verifier.verify(token(second)).username()).isEqualTo("ann");
    }

    @Test
    void doesNotPassAFloodOfUnknownKeysOn() throws Exception {
        ECKey key = publish("one");
        openWell();
        verifier.verify(token(key));

        for (int i = 0; i < 20; i++) {
            String forged =
                    token(new ECKeyGenerator(Curve.P_256).keyID("forged-" + i).generate());
            assertThatThrownBy(() -> verifier.verify(forged)).isInstanceOf(InvalidTokenException.class);
        }

        assertThat(fetches.get()).isLessThanOrEqualTo(3);
        assertThat(verifier.verify(token(key)).username()).isEqualTo("ann");
    }

    @Test
    void goesOnWithoutTheIssuer() throws Exception {
        ECKey key = publish("one");
        openWell();
        verifier.verify(token(key));
        issuer.stop(0);

        assertThat(verifier.verify(token(key)).username()).isEqualTo("ann");
        assertThat(keys.hadKeys()).isTrue();
        String forged = token(new ECKeyGenerator(Curve.P_256).keyID("forged").generate());
        assertThatThrownBy(() -> verifier.verify(forged)).isInstanceOf(InvalidTokenException.class);
    }

    @Test
    void fetchesBeforeAnyoneAsks() throws Exception {
        publish("one");
        openWell();

        await().until(keys::hadKeys);
        assertThat(fetches).hasValue(1);
    }

    @Test
    void saysWhenTheIssuerWasNeverThere() throws Exception {
        String token = token(publish("one"));
        issuer.stop(0);
        open(Duration.ofMillis(50));

        for (int i = 0; i < 10; i++) {
            assertUnavailable(token);
        }
        assertThat(keys.hadKeys()).isFalse();
    }

    @Test
    void callersWaitForAnIssuerThatRefusesAtFirst() throws Exception {
        ECKey key = publish("late");
        issuer.stop(0);
        openWell();
        Future<AccessToken> waiting = executor.submit(() -> verifier.verify(token(key)));
        assertThat(keys.hadKeys()).isFalse();

        listen();

        assertThat(waiting.get().username()).isEqualTo("ann");
        assertThat(keys.hadKeys()).isTrue();
    }

    @Test
    void callersWaitForAnIssuerThatHangsAtFirst() throws Exception {
        ECKey key = publish("late");
        open(TIMEOUT);
        await().until(() -> fetches.get() > 0);
        Future<AccessToken> waiting = executor.submit(() -> verifier.verify(token(key)));
        assertThat(keys.hadKeys()).isFalse();

        answering.countDown();

        assertThat(waiting.get().username()).isEqualTo("ann");
        assertThat(keys.hadKeys()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"not yet", "{\"keys\": []}"})
    void findsTheKeysOfAnIssuerThatPublishesThemLate(String first) throws Exception {
        published.set(first);
        openWell();
        await().until(() -> fetches.get() > 0);
        assertThat(keys.hadKeys()).isFalse();

        ECKey key = publish("late");

        await().until(keys::hadKeys);
        assertThat(verifier.verify(token(key)).username()).isEqualTo("ann");
    }

    @Test
    void leavesNoThreadBehind() throws Exception {
        publish("one");
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        openWell();
        await().until(keys::hadKeys);

        keys.close();

        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().startsWith("pool-"))
                .isSubsetOf(before));
    }

    private void assertUnavailable(String token) {
        assertThatThrownBy(() -> verifier.verify(token))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.type()).isEqualTo(ProblemType.UNAVAILABLE));
    }

    private ECKey publish(String id) throws Exception {
        ECKey key = new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        published.set(new JWKSet(key.toPublicJWK()).toString());
        return key;
    }

    private static String token(ECKey key) throws Exception {
        long now = System.currentTimeMillis();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType(AccessToken.TYPE))
                        .keyID(key.getKeyID())
                        .build(),
                new JWTClaimsSet.Builder()
                        .issuer("issuer")
                        .audience("us")
                        .subject(UUID.randomUUID().toString())
                        .issueTime(new Date(now))
                        .expirationTime(new Date(now + 900_000))
                        .jwtID("id")
                        .claim("client_id", "app")
                        .claim("username", "ann")
                        .build());
        token.sign(new ECDSASigner(key));
        return token.serialize();
    }
}
