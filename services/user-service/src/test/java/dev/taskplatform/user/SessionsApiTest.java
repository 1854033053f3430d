// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.taskplatform.kit.contract.ApiResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Signing in, over HTTP and held to the document. */
class SessionsApiTest extends ApiTest {
    SessionsApiTest() {
        super("sessions");
    }

    @Test
    void makesTokensOfRfc9068() throws Exception {
        String id = register("tokens", "correct horse").json().get("id").asText();
        JsonNode answer = signIn("tokens", "correct horse").json();
        SignedJWT token = SignedJWT.parse(answer.get("access_token").asText());

        assertThat(token.getHeader().getType()).isEqualTo(new JOSEObjectType("at+jwt"));
        assertThat(token.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.ES256);
        JWKSet keys = JWKSet.parse(api.get("/.well-known/jwks.json").send().body());
        var key = keys.getKeyByKeyId(token.getHeader().getKeyID()).toECKey();
        assertThat(key.isPrivate()).isFalse();
        assertThat(token.verify(new ECDSAVerifier(key))).isTrue();
        JWTClaimsSet claims = token.getJWTClaimsSet();
        assertThat(claims.getIssuer()).isEqualTo(UserServiceUnderTest.ISSUER);
        assertThat(claims.getSubject()).isEqualTo(id);
        assertThat(claims.getAudience()).containsExactly("taskplatform");
        assertThat(claims.getStringClaim("username")).isEqualTo("tokens");
        assertThat(claims.getStringClaim("client_id")).isNotBlank();
        assertThat(claims.getStringClaim("scope")).isNotBlank();
        assertThat(claims.getStringListClaim("roles")).contains("user");
        assertThat(claims.getJWTID()).isNotBlank();
        assertThat(Duration.between(
                        claims.getIssueTime().toInstant(),
                        claims.getExpirationTime().toInstant()))
                .isEqualTo(Duration.ofMinutes(15))
                .isEqualTo(Duration.ofSeconds(answer.get("expires_in").asLong()));
    }

    @Test
    void signsInWithTheSamePasswordFromAnotherKeyboard() {
        register("keyboard", "pässword1");
        assertThat(signIn("keyboard", "pa\u0308ssword1").status()).isEqualTo(201);
    }

    @Test
    void answersWrongPasswordsAndUnknownUsersAlike() {
        register("known", "correct horse");
        ApiResponse wrong = signIn("known", "wrong horse");
        ApiResponse unknown = signIn("unknown", "wrong horse");
        ApiResponse impossible = signIn("no such name possible", "wrong horse");

        for (ApiResponse response : List.of(wrong, unknown, impossible)) {
            assertThat(response.status()).isEqualTo(401);
            assertThat(withoutId(response)).isEqualTo(withoutId(wrong));
        }
    }

    @Test
    void refusesMalformedSignIns() {
        assertThat(api.post("/v1/sessions", "{").send().status()).isEqualTo(400);
        assertThat(api.request("POST", "/v1/sessions")
                        .body("text/plain", "{}")
                        .send()
                        .status())
                .isEqualTo(415);
        assertThat(api.request("POST", "/v1/users")
                        .body("text/plain", "{}")
                        .send()
                        .status())
                .isEqualTo(415);
    }

    private static Map<String, String> withoutId(ApiResponse response) {
        JsonNode body = response.json();
        return Map.of(
                "type", body.get("type").asText(), "detail", body.get("detail").asText());
    }
}
