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
import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.contract.OpenApiContract;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operation with every status, over HTTP and held to the document. */
class UserApiTest {
    private static final OpenApiContract CONTRACT = OpenApiContract.load();
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private static final AtomicReference<Instant> NOW = new AtomicReference<>(START);
    private static DatabaseUnderTest database;
    private static UserServiceUnderTest service;
    private static ApiClient api;

    @BeforeAll
    static void start() {
        database = DatabaseUnderTest.embedded();
        service = UserServiceUnderTest.start(database.settings(), Map.of(), clock(), CONTRACT);
        api = service.client();
    }

    @AfterAll
    static void stop() throws Exception {
        service.close();
        database.close();
        CONTRACT.assertComplete(service.server().routes());
    }

    private static Clock clock() {
        InstantSource source = NOW::get;
        return source.withZone(ZoneOffset.UTC);
    }

    @Test
    void theDocumentsExamplesFit() {
        CONTRACT.assertExamplesFit();
    }

    @Test
    void registersSignsInAndKnowsWhoCalls() {
        ApiResponse registered = register("ann", "correct horse");
        assertThat(registered.status()).isEqualTo(201);
        JsonNode user = registered.json();
        assertThat(user.get("username").asText()).isEqualTo("ann");
        assertThat(registered.header("Location"))
                .contains("/v1/users/" + user.get("id").asText());

        String token = token(signIn("ann", "correct horse"));

        assertThat(api.get("/v1/users/me").bearer(token).send().json()).isEqualTo(user);
        assertThat(api.get(registered.header("Location").orElseThrow())
                        .bearer(token)
                        .send()
                        .json())
                .isEqualTo(user);
    }

    @Test
    void doesNotShowOthersAccounts() {
        String location = register("first", "correct horse").header("Location").orElseThrow();
        register("second", "correct horse");
        String token = token(signIn("second", "correct horse"));

        assertThat(api.get(location).bearer(token).send().status()).isEqualTo(404);
    }

    @Test
    void refusesTokensOfOtherIssuers() throws Exception {
        try (DatabaseUnderTest other = DatabaseUnderTest.embedded();
                UserServiceUnderTest stranger =
                        UserServiceUnderTest.start(other.settings(), Map.of(), clock(), CONTRACT)) {
            ApiClient client = stranger.client();
            client.post("/v1/users", credentials("ghost", "correct horse")).send();
            String token = token(client.post("/v1/sessions", credentials("ghost", "correct horse"))
                    .send());

            assertThat(client.get("/v1/users/me").bearer(token).send().status()).isEqualTo(200);
            assertThat(api.get("/v1/users/me").bearer(token).send().status()).isEqualTo(401);
        }
    }

    @Test
    void doesNotKnowAnAccountThatIsGone() {
        register("gone", "correct horse");
        String token = token(signIn("gone", "correct horse"));
        try (Database behindItsBack = database.open()) {
            behindItsBack.write(handle -> handle.execute("DELETE FROM account WHERE username = 'gone'"));
        }
        assertThat(api.get("/v1/users/me").bearer(token).send().status()).isEqualTo(404);
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
    void refusesExpiredTokens() {
        register("expired", "correct horse");
        String token = token(signIn("expired", "correct horse"));
        NOW.set(START.plus(Duration.ofMinutes(16)));
        try {
            ApiResponse response = api.get("/v1/users/me").bearer(token).send();
            assertThat(response.status()).isEqualTo(401);
            assertThat(response.header("WWW-Authenticate").orElseThrow())
                    .contains("error=\"invalid_token\"", "expired");
        } finally {
            NOW.set(START);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Bearer", "Bearer a b", "Basic YTpi", "Bearer not.a.token", "Bearer eyJhbGciOiJub25lIn0.e30."})
    void refusesWhatIsNoToken(String authorization) {
        assertThat(api.get("/v1/users/me")
                        .header("Authorization", authorization)
                        .send()
                        .status())
                .isEqualTo(401);
    }

    @Test
    void asksForATokenWhereNoneCame() {
        assertThat(api.get("/v1/users/me").send().header("WWW-Authenticate")).contains("Bearer realm=\"taskplatform\"");
        assertThat(api.get("/v1/users/0199f7a2-5b0c-7d3e-8f4a-6b1c2d3e4f50")
                        .send()
                        .status())
                .isEqualTo(401);
    }

    @Test
    void refusesATakenUsernameInAnyCaseAndForm() {
        register("Größe1", "correct horse");
        assertThat(register("größe1", "other password").status()).isEqualTo(409);
        assertThat(register("GRÖSSE1", "other password").status()).isEqualTo(409);
        assertThat(register("Gro\u0308ße1", "other password").status()).isEqualTo(409);
        assertThat(register("Größe\uff11", "other password").status()).isEqualTo(409);
        assertThat(signIn("GRÖSSE1", "correct horse").status()).isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''              | correct horse | /username
            'a b'           | correct horse | /username
            ' a'            | correct horse | /username
            'a/b'           | correct horse | /username
            'a\u200bb'      | correct horse | /username
            'a\u202eb'      | correct horse | /username
            ok1             | short         | /password
            ok2             | 1234567       | /password
            """)
    void refusesWhatCannotBeRegistered(String username, String password, String pointer) {
        ApiResponse response = register(username, password);
        assertThat(response.status()).isEqualTo(400);
        assertThat(response.json().at("/errors/0/pointer").asText()).isEqualTo(pointer);
    }

    @Test
    void countsCodePoints() {
        assertThat(register("x".repeat(64), "🔑".repeat(128)).status()).isEqualTo(201);
        assertThat(register("x".repeat(65), "correct horse").status()).isEqualTo(400);
        assertThat(register("keys129", "🔑".repeat(129)).status()).isEqualTo(400);
        assertThat(register("keys7", "🔑".repeat(7)).status()).isEqualTo(400);
    }

    @Test
    void namesEverythingThatIsWrong() {
        JsonNode errors = api.post("/v1/users", "{\"username\": 1, \"colour\": \"red\"}")
                .send()
                .json()
                .get("errors");
        assertThat(errors.findValuesAsText("pointer")).containsExactlyInAnyOrder("/username", "/password", "/colour");
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

    @ParameterizedTest
    @ValueSource(strings = {"/v1/users", "/v1/sessions", "/register", "/login"})
    void refusesLongBodies(String path) {
        String body = credentials("long", "x".repeat(70_000));
        assertThat(api.post(path, body).send().status()).isEqualTo(413);
        assertThat(api.request("POST", path)
                        .chunked("application/json", body)
                        .send()
                        .status())
                .isEqualTo(413);
    }

    @Test
    void letsOnlyOneOfManyHaveAName() throws Exception {
        Callable<Integer> attempt = () -> register("contended", "correct horse").status();
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> result : executor.invokeAll(
                    IntStream.range(0, 16).mapToObj(i -> attempt).toList())) {
                statuses.add(result.get());
            }
        }
        assertThat(statuses).containsOnlyOnce(201).hasSize(16);
        assertThat(statuses.stream().filter(status -> status == 409)).hasSize(15);
    }

    @Test
    void keysAreCacheable() {
        String etag = api.get("/.well-known/jwks.json").send().header("ETag").orElseThrow();
        ApiResponse same =
                api.get("/.well-known/jwks.json").header("If-None-Match", etag).send();
        assertThat(same.status()).isEqualTo(304);
        ApiResponse other = api.get("/.well-known/jwks.json")
                .header("If-None-Match", "\"other\"")
                .send();
        assertThat(other.status()).isEqualTo(200);
    }

    @Test
    void simpleClientsRegisterAndLogIn() {
        ApiResponse registered =
                api.post("/register", credentials("simple", "correct horse")).send();
        assertThat(registered.body()).isEqualTo("{\"message\":\"User registered successfully\"}");
        ApiResponse again =
                api.post("/register", credentials("simple", "correct horse")).send();
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.body()).isEqualTo("{\"detail\":\"User already exists\"}");

        ApiResponse in =
                api.post("/login", credentials("simple", "correct horse")).send();
        assertThat(in.json().get("message").asText()).isEqualTo("Login successful");
        String token = in.json().get("access_token").asText();
        assertThat(api.get("/v1/users/me").bearer(token).send().status()).isEqualTo(200);
        ApiResponse wrong =
                api.post("/login", credentials("simple", "wrong horse")).send();
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.body()).isEqualTo("{\"detail\":\"Invalid credentials\"}");
    }

    @Test
    void simpleClientsAreToldWhatTheirBodyLacks() {
        ApiResponse missing = api.post("/login", "{\"username\": \"ann\"}").send();
        assertThat(missing.status()).isEqualTo(422);
        assertThat(missing.json().at("/detail/0/type").asText()).isEqualTo("missing");
        assertThat(missing.json().at("/detail/0/loc").toString()).isEqualTo("[\"body\",\"password\"]");
        ApiResponse broken = api.post("/register", "{").send();
        assertThat(broken.status()).isEqualTo(422);
        assertThat(broken.json().at("/detail/0/type").asText()).isEqualTo("json_invalid");
    }

    @Test
    void simpleClientsMaySendMore() {
        String body = "{\"username\": \"more\", \"password\": \"correct horse\", \"email\": \"more@example.com\"}";
        assertThat(api.post("/register", body).send().status()).isEqualTo(200);
    }

    @Test
    void simpleClientsKnowNoPolicyIfCompatible() throws Exception {
        assertThat(api.post("/register", credentials("brief", "pw")).send().status())
                .isEqualTo(422);
        try (DatabaseUnderTest other = DatabaseUnderTest.embedded();
                UserServiceUnderTest compatible = UserServiceUnderTest.start(
                        other.settings(), Map.of("compatibility.simple-api", "true"), clock(), CONTRACT)) {
            ApiClient client = compatible.client();
            assertThat(client.post("/register", credentials("brief", "pw"))
                            .send()
                            .status())
                    .isEqualTo(200);
            assertThat(client.post("/login", credentials("brief", "pw")).send().status())
                    .isEqualTo(200);
            assertThat(client.post("/v1/users", credentials("brief2", "pw"))
                            .send()
                            .status())
                    .isEqualTo(400);
        }
    }

    @Test
    void saysWhenItsDatabaseIsAway() throws Exception {
        String token = "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6ImsifQ.e30.c2ln";
        // Nothing listens on port 1.
        try (DatabaseUnderTest away = DatabaseUnderTest.postgres("127.0.0.1", 1, "users", "users", "secret");
                UserServiceUnderTest waiting =
                        UserServiceUnderTest.start(away.settings(), Map.of(), clock(), CONTRACT)) {
            ApiClient client = waiting.client();
            String body = credentials("ann", "correct horse");
            for (ApiResponse response : List.of(
                    client.post("/v1/users", body).send(),
                    client.post("/v1/sessions", body).send(),
                    client.get("/v1/users/me").bearer(token).send(),
                    client.get("/v1/users/0199f7a2-5b0c-7d3e-8f4a-6b1c2d3e4f50")
                            .bearer(token)
                            .send(),
                    client.get("/.well-known/jwks.json").send(),
                    client.post("/register", body).send(),
                    client.post("/login", body).send())) {
                assertThat(response.status()).isEqualTo(503);
            }
        }
    }

    private static ApiResponse register(String username, String password) {
        return api.post("/v1/users", credentials(username, password)).send();
    }

    private static ApiResponse signIn(String username, String password) {
        return api.post("/v1/sessions", credentials(username, password)).send();
    }

    private static String token(ApiResponse session) {
        return session.json().get("access_token").asText();
    }

    private static String credentials(String username, String password) {
        return "{\"username\": \"%s\", \"password\": \"%s\"}".formatted(username, password);
    }

    private static Map<String, String> withoutId(ApiResponse response) {
        JsonNode body = response.json();
        return Map.of(
                "type", body.get("type").asText(), "detail", body.get("detail").asText());
    }
}
