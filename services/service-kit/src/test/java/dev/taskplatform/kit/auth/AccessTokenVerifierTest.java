// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTokenVerifierTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String ISSUER = "https://users.test";
    private static final UUID USER = UUID.fromString("0199f7a2-5b0c-7d3e-8f4a-6b1c2d3e4f50");

    private static final UUID SESSION = UUID.fromString("0199f7a2-5b0c-7d3e-8f4a-000000000001");

    private static ECKey key;
    private static ECKey stranger;

    @BeforeAll
    static void makeKeys() throws Exception {
        key = new ECKeyGenerator(Curve.P_256).keyID("key").generate();
        stranger = new ECKeyGenerator(Curve.P_256).keyID("key").generate();
    }

    @Test
    void readsAValidToken() throws Exception {
        AccessToken token = verifier(NOW).verify(signed(claims -> claims));

        assertThat(token)
                .isEqualTo(new AccessToken(
                        USER,
                        "ann",
                        "app",
                        SESSION,
                        Set.of("user"),
                        Set.of("tasks", "more"),
                        "id-1",
                        NOW.plusSeconds(900)));
    }

    @Test
    void readsAClientsOwnToken() throws Exception {
        AccessToken token = verifier(NOW)
                .verify(signed(
                        claims -> claims.subject("app").claim("username", null).claim("sid", null)));

        assertThat(token.isPersons()).isFalse();
        assertThat(token.clientId()).isEqualTo("app");
        assertThat(token.userId()).isNull();
    }

    @Test
    void allowsForClocksThatDiffer() throws Exception {
        String token = signed(claims -> claims);

        assertThat(verifier(NOW.plusSeconds(925)).verify(token).userId()).isEqualTo(USER);
        assertThatThrownBy(() -> verifier(NOW.plusSeconds(935)).verify(token))
                .isInstanceOf(InvalidTokenException.class)
                .hasMessageContaining("expired");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sub", "exp", "iat", "jti", "username", "client_id", "iss", "aud"})
    void refusesATokenThatLacksAClaim(String claim) throws Exception {
        assertRefused(signed(claims -> claims.claim(claim, null)));
    }

    @Test
    void refusesClaimsOfOthers() throws Exception {
        assertRefused(signed(claims -> claims.issuer(ISSUER + "/")));
        assertRefused(signed(claims -> claims.audience("another")));
        assertRefused(signed(claims -> claims.subject("no-uuid")));
        assertRefused(signed(claims -> claims.notBeforeTime(Date.from(NOW.plusSeconds(600)))));
        assertRefused(signed(claims -> claims.claim("roles", "user")));
    }

    @Test
    void knowsTheTypeByItsLongNameToo() throws Exception {
        assertThat(verifier(NOW)
                        .verify(signed("application/at+jwt", key, claims -> claims))
                        .userId())
                .isEqualTo(USER);
    }

    @Test
    void refusesWhatIsAddedToAToken() throws Exception {
        String token = signed(claims -> claims);
        for (String added : List.of("=", "==", ".", "+", "/", "~", " ", "\n")) {
            assertRefused(token + added);
        }
    }

    @Test
    void refusesOtherTypesOfTokens() throws Exception {
        assertRefused(signed("JWT", key, claims -> claims));
        assertRefused(signed(null, key, claims -> claims));
    }

    @Test
    void refusesOtherSignatures() throws Exception {
        assertRefused(signed(AccessToken.TYPE, stranger, claims -> claims));
        assertRefused(new PlainJWT(claims(claims -> claims)).serialize());
        String token = signed(claims -> claims);
        assertRefused(token.substring(0, token.lastIndexOf('.') + 1));
        SignedJWT symmetric = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .type(new JOSEObjectType(AccessToken.TYPE))
                        .keyID("key")
                        .build(),
                claims(claims -> claims));
        symmetric.sign(new MACSigner(key.toECPublicKey().getEncoded()));
        assertRefused(symmetric.serialize());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a.b.c", "..", "eyJhbGciOiJFUzI1NiJ9.e30.", "eyJhbGciOiJFUzI1NiJ9"})
    void refusesWhatIsNoToken(String text) {
        assertRefused(text);
    }

    @Test
    void saysWhenTheKeysCannotBeHad() throws Exception {
        String token = signed(claims -> claims);
        AccessTokenVerifier cutOff = new AccessTokenVerifier(
                (selector, context) -> {
                    throw new KeySourceException("away");
                },
                ISSUER,
                "taskplatform",
                Clock.fixed(NOW, ZoneOffset.UTC));

        assertThatThrownBy(() -> cutOff.verify(token))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.type()).isEqualTo(ProblemType.UNAVAILABLE));
    }

    private static void assertRefused(String token) {
        assertThatThrownBy(() -> verifier(NOW).verify(token)).isInstanceOf(InvalidTokenException.class);
    }

    private static AccessTokenVerifier verifier(Instant now) {
        return new AccessTokenVerifier(
                new ImmutableJWKSet<>(new JWKSet(key.toPublicJWK())),
                ISSUER,
                "taskplatform",
                Clock.fixed(now, ZoneOffset.UTC));
    }

    private static String signed(UnaryOperator<JWTClaimsSet.Builder> change) throws Exception {
        return signed(AccessToken.TYPE, key, change);
    }

    private static String signed(String type, ECKey by, UnaryOperator<JWTClaimsSet.Builder> change) throws Exception {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(type == null ? null : new JOSEObjectType(type))
                .keyID("key")
                .build();
        SignedJWT token = new SignedJWT(header, claims(change));
        token.sign(new ECDSASigner(by));
        return token.serialize();
    }

    private static JWTClaimsSet claims(UnaryOperator<JWTClaimsSet.Builder> change) {
        return change.apply(new JWTClaimsSet.Builder()
                        .issuer(ISSUER)
                        .subject(USER.toString())
                        .audience("taskplatform")
                        .issueTime(Date.from(NOW))
                        .expirationTime(Date.from(NOW.plus(Duration.ofMinutes(15))))
                        .jwtID("id-1")
                        .claim("client_id", "app")
                        .claim("sid", SESSION.toString())
                        .claim("scope", "tasks more")
                        .claim("roles", List.of("user"))
                        .claim("username", "ann"))
                .build();
    }
}
