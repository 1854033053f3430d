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
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RemoteKeysTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final AtomicInteger fetches = new AtomicInteger();
    private final AtomicReference<String> published = new AtomicReference<>();
    private HttpServer issuer;
    private URI keys;
    private AccessTokenVerifier verifier;

    @BeforeEach
    void start() throws Exception {
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer.createContext("/keys", exchange -> {
            fetches.incrementAndGet();
            byte[] body = published.get().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            try (exchange) {
                exchange.getResponseBody().write(body);
            }
        });
        issuer.start();
        keys = URI.create("http://127.0.0.1:" + issuer.getAddress().getPort() + "/keys");
        verifier = verifier(RemoteKeys.create(keys, TIMEOUT));
    }

    @AfterEach
    void stop() {
        issuer.stop(0);
    }

    @Test
    void asksTheIssuerOnceForManyTokens() throws Exception {
        ECKey key = publish("one");

        for (int i = 0; i < 20; i++) {
            verifier.verify(token(key));
        }

        assertThat(fetches).hasValue(1);
    }

    @Test
    void learnsANewKeyWhenItMeetsIt() throws Exception {
        ECKey first = publish("one");
        verifier.verify(token(first));
        ECKey second = publish("two");

        assertThat(verifier.verify(token(second)).username()).isEqualTo("ann");
    }

    @Test
    void doesNotPassAFloodOfUnknownKeysOn() throws Exception {
        ECKey key = publish("one");
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
        verifier.verify(token(key));
        issuer.stop(0);

        assertThat(verifier.verify(token(key)).username()).isEqualTo("ann");
        String forged = token(new ECKeyGenerator(Curve.P_256).keyID("forged").generate());
        assertThatThrownBy(() -> verifier.verify(forged)).isInstanceOf(InvalidTokenException.class);
    }

    @Test
    void saysWhenTheIssuerWasNeverThere() throws Exception {
        String token = token(new ECKeyGenerator(Curve.P_256).keyID("one").generate());
        issuer.stop(0);

        for (int i = 0; i < 10; i++) {
            assertUnavailable(token);
        }
    }

    @Test
    void findsAnIssuerThatComesLate() throws Exception {
        ECKey key = new ECKeyGenerator(Curve.P_256).keyID("late").generate();
        verifier = verifier(RemoteKeys.create(keys, TIMEOUT, Duration.ofMillis(50)));
        published.set("not yet");
        assertUnavailable(token(key));
        published.set(new JWKSet(key.toPublicJWK()).toString());

        await().ignoreException(ProblemException.class)
                .untilAsserted(
                        () -> assertThat(verifier.verify(token(key)).username()).isEqualTo("ann"));
    }

    private void assertUnavailable(String token) {
        assertThatThrownBy(() -> verifier.verify(token))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.type()).isEqualTo(ProblemType.UNAVAILABLE));
    }

    private static AccessTokenVerifier verifier(JWKSource<SecurityContext> keys) {
        return new AccessTokenVerifier(keys, "issuer", "us", Clock.systemUTC());
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
