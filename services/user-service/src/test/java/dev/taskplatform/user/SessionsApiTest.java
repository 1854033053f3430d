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
import dev.taskplatform.kit.database.Database;
import java.time.Duration;
import java.util.ArrayList;
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
        register("code", PASSWORD);
        String body = "{\"username\": \"code\", \"password\": \"" + PASSWORD + "\", \"code\": \"%s\"}";
        assertThat(api.post("/v1/sessions", body.formatted("1".repeat(65)))
                        .send()
                        .status())
                .isEqualTo(400);
        assertThat(api.post("/v1/sessions", body.formatted("1".repeat(64)))
                        .send()
                        .status())
                .isEqualTo(201);
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

    @Test
    void beginsASessionThatCanBeRead() {
        register("begins", PASSWORD);
        ApiResponse signedIn = api.post("/v1/sessions", credentials("begins", PASSWORD))
                .header("User-Agent", "a browser\t" + "x".repeat(300))
                .send();
        String token = token(signedIn);
        String id = signedIn.json().get("session_id").asText();
        assertThat(signedIn.header("Location")).contains("/v1/sessions/" + id);
        assertThat(signedIn.json().get("scope").asText()).isEqualTo("account tasks");
        assertThat(signedIn.json().get("refresh_expires_in").asLong())
                .isEqualTo(Duration.ofDays(14).toSeconds());

        JsonNode session = api.get("/v1/sessions/" + id).bearer(token).send().json();

        assertThat(session.get("current").asBoolean()).isTrue();
        assertThat(session.get("clientId").asText()).isEqualTo("taskplatform");
        assertThat(session.get("methods").toString()).isEqualTo("[\"pwd\"]");
        assertThat(session.get("address").asText()).isEqualTo("127.0.0.1");
        assertThat(session.get("userAgent").asText()).startsWith("a browser x").hasSize(256);
        assertThat(session.get("expiresAt").asText())
                .isEqualTo(START.plus(Duration.ofDays(14)).toString());
    }

    @Test
    void listsOnesOwnSessionsInPages() {
        register("lists", PASSWORD);
        register("other", PASSWORD);
        signIn("other", PASSWORD);
        List<String> ids = new ArrayList<>();
        String token = "";
        for (int i = 0; i < 3; i++) {
            ApiResponse signedIn = signIn("lists", PASSWORD);
            ids.addFirst(signedIn.json().get("session_id").asText());
            token = token(signedIn);
        }
        ApiResponse first = api.get("/v1/sessions?limit=2").bearer(token).send();
        assertThat(first.json().get("items").findValuesAsText("id")).isEqualTo(ids.subList(0, 2));
        assertThat(first.json().get("items").findValuesAsText("current")).containsExactly("true", "false");
        String cursor = first.json().get("next").asText();
        assertThat(first.header("Link").orElseThrow()).contains("limit=2", cursor);

        ApiResponse second =
                api.get("/v1/sessions?limit=2&cursor=" + cursor).bearer(token).send();

        assertThat(second.json().get("items").findValuesAsText("id")).isEqualTo(ids.subList(2, 3));
        assertThat(second.json().has("next")).isFalse();
        String others = token(signIn("other", PASSWORD));
        for (String query : List.of("?limit=0", "?limit=201", "?limit=x", "?cursor=AAAA", "?colour=red")) {
            assertThat(api.get("/v1/sessions" + query).bearer(token).send().status())
                    .isEqualTo(400);
        }
        assertThat(api.get("/v1/sessions?cursor=" + cursor)
                        .bearer(others)
                        .send()
                        .status())
                .isEqualTo(400);
    }

    @Test
    void endsOneSessionAtOnce() {
        register("ends", PASSWORD);
        ApiResponse ended = signIn("ends", PASSWORD);
        String token = token(signIn("ends", PASSWORD));
        String path = ended.header("Location").orElseThrow();

        assertThat(delete(path, token).status()).isEqualTo(204);

        ApiResponse refused = api.get("/v1/users/me").bearer(token(ended)).send();
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.header("WWW-Authenticate").orElseThrow()).contains("error=\"invalid_token\"", "ended");
        assertThat(api.get(path).bearer(token).send().status()).isEqualTo(404);
        assertThat(delete(path, token).status()).isEqualTo(404);
        assertThat(api.get("/v1/users/me").bearer(token).send().status()).isEqualTo(200);
    }

    @Test
    void touchesNobodyElsesSessions() {
        register("owner", PASSWORD);
        register("stranger", PASSWORD);
        ApiResponse owners = signIn("owner", PASSWORD);
        String path = owners.header("Location").orElseThrow();
        String strangers = token(signIn("stranger", PASSWORD));

        assertThat(api.get(path).bearer(strangers).send().status()).isEqualTo(404);
        assertThat(delete(path, strangers).status()).isEqualTo(404);
        assertThat(delete("/v1/sessions", strangers).status()).isEqualTo(204);

        assertThat(api.get(path).bearer(token(owners)).send().status()).isEqualTo(200);
        assertThat(api.get("/v1/sessions/7").bearer(token(owners)).send().status())
                .isEqualTo(400);
        assertThat(delete("/v1/sessions/7", token(owners)).status()).isEqualTo(400);
    }

    @Test
    void signsOutEverywhere() {
        register("everywhere", PASSWORD);
        String first = token(signIn("everywhere", PASSWORD));
        String second = token(signIn("everywhere", PASSWORD));

        assertThat(delete("/v1/sessions", first).status()).isEqualTo(204);

        for (String token : List.of(first, second)) {
            assertThat(api.get("/v1/sessions").bearer(token).send().status()).isEqualTo(401);
        }
        assertThat(signIn("everywhere", PASSWORD).status()).isEqualTo(201);
    }

    @Test
    void tellsTheOwnerThatTheAccountIsDisabled() {
        register("disabled", PASSWORD);
        String token = token(signIn("disabled", PASSWORD));
        try (Database behindItsBack = database.open()) {
            behindItsBack.write(
                    handle -> handle.execute("UPDATE account SET disabled_at = 1 WHERE username = 'disabled'"));
        }
        assertThat(signIn("disabled", PASSWORD).status()).isEqualTo(403);
        assertThat(signIn("disabled", "wrong horse").status()).isEqualTo(401);
        assertThat(api.get("/v1/users/me").bearer(token).send().status()).isEqualTo(401);
    }

    private ApiResponse delete(String path, String token) {
        return api.request("DELETE", path).bearer(token).send();
    }

    private static Map<String, String> withoutId(ApiResponse response) {
        JsonNode body = response.json();
        return Map.of(
                "type", body.get("type").asText(), "detail", body.get("detail").asText());
    }
}
