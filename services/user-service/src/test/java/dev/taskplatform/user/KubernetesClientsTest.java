// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.contract.OpenApiContract;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services of the cluster get tokens with their ServiceAccount, over HTTP, from a cluster that is played. */
class KubernetesClientsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String AUDIENCE = "taskplatform-user-service";
    private static final String TASKS = "system:serviceaccount:team:task-service";
    private static final String CLIENT_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    @TempDir
    private Path directory;

    private FakeApiServer cluster;
    private DatabaseUnderTest database;
    private UserServiceUnderTest service;

    @BeforeEach
    void start() throws Exception {
        cluster = new FakeApiServer("first");
        Files.writeString(directory.resolve("token"), "first\n");
        database = DatabaseUnderTest.embedded();
        service = start(Map.of());
    }

    @AfterEach
    void stop() throws Exception {
        service.close();
        database.close();
        cluster.close();
    }

    @Test
    void getATokenWithoutASecret() throws Exception {
        ApiResponse answer = byAssertion(cluster.sign(claims(TASKS).build()));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().get("scope").asText()).isEqualTo("events users:read");
        JWTClaimsSet claims =
                SignedJWT.parse(answer.json().get("access_token").asText()).getJWTClaimsSet();
        assertThat(claims.getSubject()).isEqualTo("task-service");
        assertThat(claims.getStringClaim("client_id")).isEqualTo("task-service");

        ApiResponse byGrant = form(
                "grant_type",
                JWT_BEARER,
                "assertion",
                cluster.sign(claims(TASKS).build()),
                "scope",
                "events");
        assertThat(byGrant.status()).as(byGrant.body()).isEqualTo(200);
        assertThat(byGrant.json().get("scope").asText()).isEqualTo("events");
    }

    @Test
    void areSaidToBeLetIn() {
        JsonNode metadata = service.client()
                .get("/.well-known/oauth-authorization-server")
                .send()
                .json();
        assertThat(metadata.get("token_endpoint_auth_methods_supported").toString())
                .contains("private_key_jwt");
        assertThat(metadata.get("grant_types_supported").toString()).contains(JWT_BEARER);
        assertThat(metadata.get("token_endpoint_auth_signing_alg_values_supported")
                        .toString())
                .contains("RS256");
    }

    @Test
    void proveWhoTheyAre() throws Exception {
        Map<String, String> bad = new LinkedHashMap<>();
        bad.put(
                "another ServiceAccount",
                cluster.sign(claims("system:serviceaccount:team:other").build()));
        bad.put(
                "another namespace",
                cluster.sign(claims("system:serviceaccount:else:task-service").build()));
        bad.put(
                "another issuer",
                cluster.sign(claims(TASKS).issuer("https://evil.test").build()));
        bad.put(
                "the API server's audience",
                cluster.sign(claims(TASKS).audience(FakeApiServer.ISSUER).build()));
        bad.put(
                "no audience",
                cluster.sign(claims(TASKS).audience((String) null).build()));
        bad.put("no end", cluster.sign(claims(TASKS).expirationTime(null).build()));
        bad.put(
                "ended",
                cluster.sign(claims(TASKS)
                        .expirationTime(Date.from(NOW.minus(Duration.ofMinutes(1))))
                        .build()));
        bad.put(
                "not begun",
                cluster.sign(claims(TASKS)
                        .notBeforeTime(Date.from(NOW.plus(Duration.ofMinutes(5))))
                        .build()));
        bad.put("another key of the same id", FakeApiServer.sign(claims(TASKS).build(), sameId()));
        bad.put("another key", FakeApiServer.sign(claims(TASKS).build(), FakeApiServer.newKey()));
        bad.put("no signature", new PlainJWT(claims(TASKS).build()).serialize());
        bad.put("no token", "not.a.token");
        bad.put("huge", "x".repeat(12_000));
        for (Map.Entry<String, String> assertion : bad.entrySet()) {
            for (ApiResponse answer : List.of(
                    byAssertion(assertion.getValue()),
                    form("grant_type", JWT_BEARER, "assertion", assertion.getValue()))) {
                assertThat(answer.status()).as(assertion.getKey()).isEqualTo(401);
                assertThat(answer.json().get("error").asText())
                        .as(assertion.getKey())
                        .isEqualTo("invalid_client");
            }
        }
        // Those with made-up keys did not each become a request.
        assertThat(cluster.requests()).isLessThan(6);
    }

    @Test
    void areTheOneThatTheySay() throws Exception {
        String assertion = cluster.sign(claims(TASKS).build());
        assertThat(form(
                                "grant_type",
                                "client_credentials",
                                "client_id",
                                "task-service",
                                "client_assertion_type",
                                CLIENT_ASSERTION,
                                "client_assertion",
                                assertion)
                        .status())
                .isEqualTo(200);
        assertThat(form(
                                "grant_type",
                                "client_credentials",
                                "client_id",
                                "other",
                                "client_assertion_type",
                                CLIENT_ASSERTION,
                                "client_assertion",
                                assertion)
                        .json()
                        .get("error")
                        .asText())
                .isEqualTo("invalid_client");
        assertThat(form("grant_type", "client_credentials", "client_id", "task-service", "client_secret", "x")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void areTurnedAwayForAWhileWithoutTheCluster() throws Exception {
        cluster.answers(500);
        ApiResponse away = byAssertion(cluster.sign(claims(TASKS).build()));
        assertThat(away.status()).isEqualTo(503);
        assertThat(away.json().get("error").asText()).isEqualTo("temporarily_unavailable");
        assertThat(away.header("Retry-After")).contains("5");
        // All else goes on.
        assertThat(service.client()
                        .get("/.well-known/openid-configuration")
                        .send()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void goOnWhileTheClusterIsAway() throws Exception {
        assertThat(byAssertion(cluster.sign(claims(TASKS).build())).status()).isEqualTo(200);
        cluster.answers(500);
        assertThat(byAssertion(cluster.sign(claims(TASKS).build())).status()).isEqualTo(200);
    }

    @Test
    void areAskedAboutWithTheTokenThatIsThereNow() throws Exception {
        service.close();
        cluster.wants("second");
        Files.writeString(directory.resolve("token"), "second\n");
        service = start(Map.of("oauth.kubernetes.issuer", FakeApiServer.ISSUER));
        assertThat(byAssertion(cluster.sign(claims(TASKS).build())).status()).isEqualTo(200);
    }

    @Test
    void settingsThatCannotWorkAreNamed() {
        for (Map<String, String> settings : List.of(
                Map.of("oauth.kubernetes.service-accounts.0.subject", "task-service"),
                Map.of("oauth.kubernetes.service-accounts.0.client-id", "taskplatform"),
                Map.of("oauth.kubernetes.service-accounts.0.scope", "account"),
                Map.of("oauth.kubernetes.jwks-uri", "ftp://x/"),
                Map.of("oauth.kubernetes.timeout", "PT0S"))) {
            String key = settings.keySet().iterator().next().replaceFirst("\\.0\\.", ".");
            assertThatThrownBy(() -> start(settings).close()).hasMessageContaining(key);
        }
    }

    private UserServiceUnderTest start(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "oauth.kubernetes.audience",
                AUDIENCE,
                "oauth.kubernetes.jwks-uri",
                cluster.jwksUri(),
                "oauth.kubernetes.ca-file",
                "",
                "oauth.kubernetes.token-file",
                directory.resolve("token").toString(),
                "oauth.kubernetes.service-accounts.0.subject",
                TASKS,
                "oauth.kubernetes.service-accounts.0.client-id",
                "task-service",
                "oauth.kubernetes.service-accounts.0.scope",
                "events users:read"));
        settings.putAll(more);
        return UserServiceUnderTest.start(
                database.settings(), settings, Clock.fixed(NOW, ZoneOffset.UTC), OpenApiContract.load());
    }

    private RSAKey sameId() throws Exception {
        return new RSAKey.Builder(FakeApiServer.newKey())
                .keyID(cluster.key().getKeyID())
                .build();
    }

    private ApiResponse byAssertion(String assertion) {
        return form(
                "grant_type",
                "client_credentials",
                "client_assertion_type",
                CLIENT_ASSERTION,
                "client_assertion",
                assertion);
    }

    private ApiResponse form(String... fields) {
        return service.client().postForm("/oauth2/token", fields).send();
    }

    private static JWTClaimsSet.Builder claims(String subject) {
        return FakeApiServer.claims(subject, AUDIENCE, NOW);
    }
}
