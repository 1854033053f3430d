// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every flow of OAuth 2.0 and OpenID Connect, as browsers and clients go through it. */
class OAuthApiTest extends ApiTest {
    private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private static final String CALENDAR = "https://calendar.example/callback";
    private static final String PHONE = "com.example.phone:/callback";

    private String calendarSecret;
    private String robotSecret;

    OAuthApiTest() {
        super("oauth");
    }

    @BeforeAll
    void registerClients() {
        String admin = administrator();
        calendarSecret = client(admin, """
                {"clientId": "calendar", "name": "Team <calendar>", "type": "confidential", "redirectUris": ["%s"],
                 "grantTypes": ["authorization_code", "refresh_token"],
                 "scopes": ["openid", "profile", "email", "tasks", "offline_access"]}""".formatted(CALENDAR));
        robotSecret = client(admin, """
                {"clientId": "robot", "name": "Robot", "type": "confidential",
                 "grantTypes": ["client_credentials"], "scopes": ["events", "introspect"]}""");
        client(admin, """
                {"clientId": "phone", "name": "Phone", "type": "public", "redirectUris": ["%s", "http://127.0.0.1/cb"],
                 "grantTypes": ["authorization_code"], "scopes": ["openid", "tasks"]}""".formatted(PHONE));
        client(admin, """
                {"clientId": "own-web", "name": "Web", "type": "public", "redirectUris": ["https://web.example/"],
                 "grantTypes": ["authorization_code"], "scopes": ["openid", "account", "tasks"],
                 "firstParty": true}""");
    }

    // ---- authorization

    @Test
    void signsInAsksForConsentAndGivesACode() throws Exception {
        String username = person();
        Browser browser = new Browser(api);
        ApiResponse page = browser.open(request("calendar", CALENDAR, "openid profile offline_access", "nonce", "n1"));
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains("Team &lt;calendar&gt;").doesNotContain("<script", "Team <calendar>");
        assertThat(page.header("Content-Security-Policy").orElseThrow())
                .contains("form-action 'self' https://calendar.example");
        assertThat(page.header("X-Frame-Options")).contains("DENY");

        ApiResponse consent = browser.submit("username", username, "password", PASSWORD);
        assertThat(consent.body()).contains("Allow access?", username, "See your username", "while you are away");
        assertThat(browser.cookies()).containsKey("__Host-taskplatform-session");

        Map<String, String> answer = answer(browser.submit("decision", "allow"), CALENDAR);
        assertThat(answer).containsEntry("state", "s t&ate").containsEntry("iss", UserServiceUnderTest.ISSUER);

        ApiResponse tokens = redeem("calendar", calendarSecret, CALENDAR, answer.get("code"));
        assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
        JWTClaimsSet id = verified(tokens.json().get("id_token").asText());
        assertThat(id.getIssuer()).isEqualTo(UserServiceUnderTest.ISSUER);
        assertThat(id.getAudience()).containsExactly("calendar");
        assertThat(id.getStringClaim("nonce")).isEqualTo("n1");
        assertThat(id.getStringListClaim("amr")).containsExactly("pwd");
        assertThat(id.getLongClaim("auth_time")).isEqualTo(START.getEpochSecond());
        assertThat(id.getStringClaim("preferred_username")).isEqualTo(username);
        String access = tokens.json().get("access_token").asText();
        assertThat(id.getStringClaim("at_hash")).isEqualTo(atHash(access));
        JWTClaimsSet claims = verified(access);
        assertThat(claims.getSubject()).isEqualTo(id.getSubject());
        assertThat(claims.getStringClaim("sid")).isEqualTo(id.getStringClaim("sid"));
        assertThat(claims.getStringClaim("client_id")).isEqualTo("calendar");

        JsonNode person = api.get("/oauth2/userinfo").bearer(access).send().json();
        assertThat(person.get("preferred_username").asText()).isEqualTo(username);
        assertThat(person.get("sub").asText()).isEqualTo(id.getSubject());
        assertThat(person.has("email")).isFalse();
        assertThat(api.request("POST", "/oauth2/userinfo").bearer(access).send().status())
                .isEqualTo(200);
    }

    /** A link that is merely looked at gives nobody a code. */
    @Test
    void doesNotAuthorizeByHead() {
        Browser browser = signedIn(person(), "openid");
        String cookies = browser.cookies().entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));

        ApiResponse refused = api.request("HEAD", request("calendar", CALENDAR, "openid"))
                .header("Cookie", cookies)
                .sendUndocumented();

        assertThat(refused.status()).isEqualTo(405);
        assertThat(refused.header("Allow")).contains("GET, POST");
        assertThat(refused.header("Location")).isEmpty();
    }

    @Test
    void remembersTheBrowserAndTheConsent() {
        String username = person();
        Browser browser = signedIn(username, "openid tasks");
        assertThat(answer(browser.open(request("calendar", CALENDAR, "openid tasks")), CALENDAR))
                .containsKey("code");
        assertThat(answer(browser.open(request("calendar", CALENDAR, "openid", "prompt", "none")), CALENDAR))
                .containsKey("code");
        // Another client, more scope, or the wish to ask again.
        assertThat(browser.open(request("phone", PHONE, "openid")).body()).contains("Allow access?");
        assertThat(browser.open(request("calendar", CALENDAR, "openid email")).body())
                .contains("Allow access?", "e-mail");
        assertThat(browser.open(request("calendar", CALENDAR, "openid", "prompt", "consent"))
                        .body())
                .contains("Allow access?");
        assertThat(browser.open(request("own-web", "https://web.example/", "openid account"))
                        .header("Location")
                        .orElseThrow())
                .contains("code=");
    }

    @Test
    void asksToSignInAgain() {
        String username = person();
        Browser browser = signedIn(username, "openid");
        for (String prompt : List.of("login", "select_account", "login consent")) {
            assertThat(browser.open(request("calendar", CALENDAR, "openid", "prompt", prompt))
                            .body())
                    .contains("<h1>Sign in</h1>");
        }
        assertThat(browser.submit("username", username, "password", PASSWORD).body())
                .contains("Allow access?");

        setTime(START.plus(Duration.ofMinutes(10)));
        assertThat(browser.open(request("calendar", CALENDAR, "openid", "max_age", "601"))
                        .header("Location")
                        .orElseThrow())
                .contains("code=");
        assertThat(browser.open(request("calendar", CALENDAR, "openid", "max_age", "599", "login_hint", "\"ann\""))
                        .body())
                .contains("<h1>Sign in</h1>", "value=\"&quot;ann&quot;\"");
        ApiResponse back = browser.submit("username", username, "password", PASSWORD);
        assertThat(answer(back, CALENDAR)).containsKey("code");
    }

    @Test
    void tellsTheClientWhereNobodyMayBeAsked() {
        Browser stranger = new Browser(api);
        assertThat(answer(stranger.open(request("calendar", CALENDAR, "openid", "prompt", "none")), CALENDAR))
                .containsEntry("error", "login_required")
                .containsEntry("state", "s t&ate")
                .containsEntry("iss", UserServiceUnderTest.ISSUER);
        Browser known = signedIn(person(), "openid");
        assertThat(answer(known.open(request("calendar", CALENDAR, "email", "prompt", "none")), CALENDAR))
                .containsEntry("error", "consent_required");
    }

    @Test
    void letsPeopleDecline() {
        String username = person();
        Browser browser = new Browser(api);
        browser.open(request("calendar", CALENDAR, "openid"));
        browser.submit("username", username, "password", PASSWORD);
        assertThat(answer(browser.submit("decision", "deny"), CALENDAR)).containsEntry("error", "access_denied");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            client_id    | nobody
            client_id    | taskplatform
            client_id    | robot
            client_id    |
            redirect_uri | https://calendar.example/callback/
            redirect_uri | https://evil.example/
            redirect_uri | javascript:alert(1)
            redirect_uri |
            """)
    void tellsPeopleAndNotTheClientWhenEitherIsWrong(String name, String value) {
        ApiResponse response = api.get(request("calendar", CALENDAR, "openid", name, value == null ? "" : value))
                .send();
        assertThat(response.status()).isEqualTo(400);
        assertThat(response.header("Location")).isEmpty();
        assertThat(response.body()).contains("This did not work").doesNotContain("evil", "javascript");
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_id=phone&client_id=calendar", "a=%", "a=%00", "x=1&x=2"})
    void refusesQueriesThatCanBeReadInTwoWays(String query) {
        assertThat(api.get("/oauth2/authorize?" + query.replace("%", "%25").replace("%2500", "%00"))
                        .send()
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            response_type         | token      | unsupported_response_type
            response_type         | code token | unsupported_response_type
            response_type         |            | invalid_request
            response_mode         | fragment   | invalid_request
            code_challenge        |            | invalid_request
            code_challenge        | short      | invalid_request
            code_challenge_method |            | invalid_request
            code_challenge_method | plain      | invalid_request
            scope                 |            | invalid_scope
            scope                 | nonsense   | invalid_scope
            scope                 | account    | invalid_scope
            scope                 | openid  x  | invalid_scope
            prompt                | none login | invalid_request
            prompt                | always     | invalid_request
            max_age               | -1         | invalid_request
            max_age               | 1e3        | invalid_request
            request               | x          | request_not_supported
            request_uri           | https://x  | request_uri_not_supported
            """)
    void tellsTheClientWhatElseIsWrong(String name, String value, String error) {
        ApiResponse response = api.get(request("calendar", CALENDAR, "openid", name, value == null ? "" : value))
                .send();
        assertThat(answer(response, CALENDAR))
                .containsEntry("error", error)
                .containsEntry("state", "s t&ate")
                .containsEntry("iss", UserServiceUnderTest.ISSUER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"response_type=code", "nonce=1&nonce=2", "unknown=1&unknown=1"})
    void tellsTheClientOfARepeatedParameter(String more) {
        ApiResponse response =
                api.get(request("calendar", CALENDAR, "openid") + "&" + more).send();

        assertThat(answer(response, CALENDAR))
                .containsEntry("error", "invalid_request")
                .containsEntry("state", "s t&ate")
                .containsEntry("iss", UserServiceUnderTest.ISSUER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_id=calendar", "redirect_uri=https://evil.example/", "state=another"})
    void tellsThePersonWhenItIsInDoubtWhoAsked(String more) {
        ApiResponse response =
                api.get(request("calendar", CALENDAR, "openid") + "&" + more).send();

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.header("Location")).isEmpty();
    }

    @Test
    void showsThePageAgainWhateverIsTyped() {
        Browser browser = new Browser(api);
        browser.open(request("calendar", CALENDAR, "openid"));

        ApiResponse again = browser.submit("username", "x".repeat(2_000), "password", "x".repeat(20_000));

        assertThat(again.status()).isEqualTo(400);
        assertThat(again.body()).contains("<h1>Sign in</h1>", "is wrong").doesNotContain("x".repeat(2_000));
    }

    @Test
    void ignoresScopesThatNobodyKnows() throws Exception {
        Browser browser = signedIn(person(), "openid tasks wonderful");
        Map<String, String> answer = answer(browser.open(request("calendar", CALENDAR, "openid wonderful")), CALENDAR);
        JsonNode tokens =
                redeem("calendar", calendarSecret, CALENDAR, answer.get("code")).json();
        assertThat(tokens.get("scope").asText()).isEqualTo("openid");
        assertThat(tokens.has("refresh_token")).isFalse();
    }

    @Test
    void takesARequestByPost() {
        ApiResponse sent = api.request("POST", "/oauth2/authorize")
                .body(
                        "application/x-www-form-urlencoded",
                        request("calendar", CALENDAR, "openid").replaceFirst(".*\\?", ""))
                .send();
        assertThat(sent.status()).isEqualTo(303);
        assertThat(api.get("/oauth2/authorize" + sent.header("Location").orElseThrow())
                        .send()
                        .body())
                .contains("<h1>Sign in</h1>");
        assertThat(api.postForm("/oauth2/authorize", "state", "x\r\nSet-Cookie: a=b")
                        .send()
                        .header("Location")
                        .orElseThrow())
                .isEqualTo("?state=x%0D%0ASet-Cookie%3A+a%3Db");
        assertThat(api.postForm("/oauth2/authorize", "state", "x".repeat(10_000))
                        .send()
                        .status())
                .isEqualTo(400);
    }

    @Test
    void readsFormsAloneByPost() {
        assertThat(api.post("/oauth2/authorize", "{}").send().body()).contains("This did not work");
    }

    @Test
    void takesFromSessionsWhatTheClientLost() {
        String admin = administrator();
        String secret = client(admin, """
                {"clientId": "shrinking", "name": "Shrinking", "type": "confidential", "firstParty": true,
                 "redirectUris": ["https://shrinking.example/"],
                 "grantTypes": ["authorization_code", "refresh_token"],
                 "scopes": ["openid", "tasks", "offline_access"]}""");
        Browser browser = new Browser(api);
        browser.open(request("shrinking", "https://shrinking.example/", "openid tasks offline_access"));
        String code = answer(browser.submit("username", person(), "password", PASSWORD), "https://shrinking.example/")
                .get("code");
        JsonNode tokens =
                redeem("shrinking", secret, "https://shrinking.example/", code).json();
        api.request("PATCH", "/v1/admin/clients/shrinking")
                .bearer(admin)
                .header("If-Match", "*")
                .body("application/merge-patch+json", "{\"scopes\": [\"openid\", \"offline_access\"]}")
                .sendUndocumented();
        JsonNode refreshed = refresh("shrinking", secret, tokens).json();
        assertThat(refreshed.get("scope").asText()).isEqualTo("offline_access openid");
        api.request("DELETE", "/v1/admin/clients/shrinking")
                .bearer(admin)
                .header("If-Match", "*")
                .sendUndocumented();
        assertThat(refresh("shrinking", secret, refreshed).status()).isEqualTo(401);
    }

    @Test
    void sendsAnywhereOnTheOwnMachineByPort() {
        String username = person();
        Browser browser = new Browser(api);
        browser.open(request("phone", "http://127.0.0.1:49152/cb", "openid"));
        browser.submit("username", username, "password", PASSWORD);
        String code = answer(browser.submit("decision", "allow"), "http://127.0.0.1:49152/cb")
                .get("code");
        assertThat(redeem("phone", null, "http://127.0.0.1:49153/cb", code).status())
                .isEqualTo(400);
        assertThat(redeem("phone", null, "http://127.0.0.1:49152/cb", code).status())
                .isEqualTo(200);
    }

    // ---- pages

    @Test
    void saysWhySigningInFailed() {
        String username = person();
        Browser browser = new Browser(api);
        browser.open(request("calendar", CALENDAR, "openid"));
        ApiResponse wrong = browser.submit("username", username, "password", "wrong horse");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.body())
                .contains("The username or the password is wrong", "role=\"alert\"", "value=\"" + username + "\"")
                .doesNotContain("wrong horse");
        ApiResponse unknown = browser.submit("username", "<nobody>", "password", "wrong horse");
        assertThat(unknown.body())
                .contains("The username or the password is wrong", "&lt;nobody&gt;")
                .doesNotContain("<nobody>");
        try (Database behindItsBack = database.open()) {
            behindItsBack.write(
                    handle -> handle.execute("UPDATE account SET disabled_at = 1 WHERE username = ?", username));
        }
        assertThat(browser.submit("username", username, "password", PASSWORD).body())
                .contains("This account is disabled");
    }

    @Test
    void takesFormsOfTheSameBrowserOnly() {
        String username = person();
        Browser browser = new Browser(api);
        browser.open(request("calendar", CALENDAR, "openid"));
        Map<String, String> form = new HashMap<>(browser.hiddenFields());
        form.putAll(Map.of("username", username, "password", PASSWORD));

        Browser victim = new Browser(api);
        victim.open(request("calendar", CALENDAR, "openid"));
        ApiResponse refused = victim.post(form);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body()).contains("too old");
        assertThat(victim.cookies()).doesNotContainKey("__Host-taskplatform-session");

        // With consent likewise: another site's form has no token, and the wrong session.
        browser.post(form);
        Map<String, String> consent = new HashMap<>(browser.hiddenFields());
        consent.put("decision", "allow");
        consent.put("csrf", "guessed");
        assertThat(browser.post(consent).body()).contains("Allow access?");
        consent = new HashMap<>(browser.hiddenFields());
        consent.put("decision", "allow");
        consent.put("session", "0199f7a2-5b0c-7d3e-8f4a-6b1c2d3e4f50");
        assertThat(browser.post(consent).body()).contains("Allow access?");
        assertThat(browser.post(Map.of("step", "nonsense")).header("Location").orElseThrow())
                .contains("error=invalid_request");
    }

    @Test
    void asksForTheSecondFactor() throws Exception {
        String username = person();
        String secret = secondFactorOf(username);
        Instant later = START.plusSeconds(60);
        setTime(later);
        Browser browser = new Browser(api);
        browser.open(request("calendar", CALENDAR, "openid"));
        ApiResponse second = browser.submit("username", username, "password", PASSWORD);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.body()).contains("Second step", "one-time-code").doesNotContain(PASSWORD);
        assertThat(browser.cookies()).doesNotContainKey("__Host-taskplatform-session");
        ApiResponse wrong = browser.submit("code", "000000");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.body()).contains("Second step", "The code is wrong");

        browser.submit("code", SecondFactorApiTest.code(secret, later));
        Map<String, String> answer = answer(browser.submit("decision", "allow"), CALENDAR);
        JsonNode tokens =
                redeem("calendar", calendarSecret, CALENDAR, answer.get("code")).json();
        assertThat(verified(tokens.get("id_token").asText()).getStringListClaim("amr"))
                .containsExactly("mfa", "otp", "pwd");
    }

    @Test
    void tiesTheSecondStepToTheBrowserAndTheHour() {
        String username = person();
        secondFactorOf(username);
        Browser browser = new Browser(api);
        browser.open(request("calendar", CALENDAR, "openid"));
        browser.submit("username", username, "password", PASSWORD);

        Map<String, String> stolen = new HashMap<>(browser.hiddenFields());
        stolen.put("code", "000000");
        Browser thief = new Browser(api);
        thief.open(request("calendar", CALENDAR, "openid"));
        stolen.put("csrf", thief.hiddenFields().get("csrf"));
        assertThat(thief.post(stolen).body()).contains("<h1>Sign in</h1>", "too old");

        setTime(START.plus(Duration.ofMinutes(6)));
        assertThat(browser.submit("code", "000000").body()).contains("<h1>Sign in</h1>", "too old");
    }

    @Test
    void saysThatThereWereTooManyAttempts() {
        String username = person();
        Browser browser = new Browser(api);
        browser.open(request("calendar", CALENDAR, "openid"));
        ApiResponse last = null;
        for (int i = 0; i < 11; i++) {
            last = browser.submit("username", username, "password", "wrong horse");
        }
        assertThat(last.status()).isEqualTo(429);
        assertThat(last.body()).contains("too many attempts", "<h1>Sign in</h1>");
    }

    @Test
    void forgetsTheBrowserWithItsSession() {
        String username = person();
        Browser browser = signedIn(username, "openid");
        String token = token(signIn(username, PASSWORD));
        api.request("DELETE", "/v1/sessions").bearer(token).sendUndocumented();
        assertThat(browser.open(request("calendar", CALENDAR, "openid")).body()).contains("<h1>Sign in</h1>");
    }

    // ---- tokens

    @Test
    void exchangesACodeOnce() {
        String code = code(person(), "openid tasks offline_access");
        JsonNode tokens = redeem("calendar", calendarSecret, CALENDAR, code).json();
        String access = tokens.get("access_token").asText();
        assertThat(api.get("/oauth2/userinfo").bearer(access).send().status()).isEqualTo(200);

        ApiResponse again = redeem("calendar", calendarSecret, CALENDAR, code);
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.json().get("error").asText()).isEqualTo("invalid_grant");
        // A code that is used twice was stolen: nobody keeps what it was exchanged for.
        assertThat(api.get("/oauth2/userinfo").bearer(access).send().status()).isEqualTo(401);
        assertThat(refresh("calendar", calendarSecret, tokens).status()).isEqualTo(400);
    }

    @Test
    void leavesACodeGoodThatOthersTry() {
        String code = code(person(), "openid");
        assertThat(redeem("phone", null, CALENDAR, code).status()).isEqualTo(400);
        assertThat(redeem("calendar", calendarSecret, PHONE, code).status()).isEqualTo(400);
        assertThat(tokenAs(
                                "calendar",
                                calendarSecret,
                                "grant_type",
                                "authorization_code",
                                "code",
                                code,
                                "redirect_uri",
                                CALENDAR,
                                "code_verifier",
                                "x".repeat(43))
                        .status())
                .isEqualTo(400);
        assertThat(redeem("calendar", calendarSecret, CALENDAR, code).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sign out everywhere", "change the password"})
    void leavesNoCodeGoodToWhoeverWasInTheAccount(String how) {
        String username = person();
        String code = code(username, "openid");
        String token = token(signIn(username, PASSWORD));

        if (how.equals("sign out everywhere")) {
            api.request("DELETE", "/v1/sessions").bearer(token).sendUndocumented();
        } else {
            api.post(
                            "/v1/users/me/password",
                            "{\"currentPassword\": \"%s\", \"newPassword\": \"another horse\"}".formatted(PASSWORD))
                    .bearer(token)
                    .sendUndocumented();
        }

        ApiResponse refused = redeem("calendar", calendarSecret, CALENDAR, code);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().get("error").asText()).isEqualTo("invalid_grant");
    }

    @Test
    void forgetsACodeSoon() {
        String code = code(person(), "openid");
        setTime(START.plus(Duration.ofSeconds(60)));
        assertThat(redeem("calendar", calendarSecret, CALENDAR, code).status()).isEqualTo(400);
    }

    @Test
    void givesNothingToTheDisabled() {
        String username = person();
        String code = code(username, "openid");
        try (Database behindItsBack = database.open()) {
            behindItsBack.write(
                    handle -> handle.execute("UPDATE account SET disabled_at = 1 WHERE username = ?", username));
        }
        assertThat(redeem("calendar", calendarSecret, CALENDAR, code).status()).isEqualTo(400);
    }

    @Test
    void signsIdTokensAsTheClientWants() throws Exception {
        JsonNode usual = redeem("calendar", calendarSecret, CALENDAR, code(person(), "openid offline_access"))
                .json();
        assertThat(algorithm(usual, "id_token")).isEqualTo("RS256");
        assertThat(algorithm(usual, "access_token")).isEqualTo("ES256");

        idTokensOfTheCalendarBy("ES256");
        try {
            JsonNode compact = refresh("calendar", calendarSecret, usual).json();
            assertThat(algorithm(compact, "id_token")).isEqualTo("ES256");
            assertThat(algorithm(compact, "access_token")).isEqualTo("ES256");
            JWTClaimsSet id = verified(compact.get("id_token").asText());
            assertThat(id.getStringClaim("at_hash"))
                    .isEqualTo(atHash(compact.get("access_token").asText()));
        } finally {
            idTokensOfTheCalendarBy("RS256");
        }
    }

    private void idTokensOfTheCalendarBy(String algorithm) {
        ApiResponse changed = api.request("PATCH", "/v1/admin/clients/calendar")
                .bearer(administrator())
                .header("If-Match", "*")
                .body("application/merge-patch+json", "{\"idTokenSignedResponseAlg\": \"%s\"}".formatted(algorithm))
                .send();
        assertThat(changed.status()).as(changed.body()).isEqualTo(200);
    }

    private static String algorithm(JsonNode tokens, String member) throws Exception {
        return SignedJWT.parse(tokens.get(member).asText())
                .getHeader()
                .getAlgorithm()
                .getName();
    }

    @Test
    void refreshes() throws Exception {
        String code = code(person(), "openid tasks offline_access");
        JsonNode first = redeem("calendar", calendarSecret, CALENDAR, code).json();
        setTime(START.plus(Duration.ofMinutes(20)));
        ApiResponse second = refresh("calendar", calendarSecret, first);
        assertThat(second.status()).as(second.body()).isEqualTo(200);
        assertThat(second.json().get("refresh_token")).isNotEqualTo(first.get("refresh_token"));
        JWTClaimsSet id = verified(second.json().get("id_token").asText());
        assertThat(id.getClaim("nonce")).isNull();
        assertThat(id.getLongClaim("auth_time")).isEqualTo(START.getEpochSecond());

        JsonNode narrow = tokenAs(
                        "calendar",
                        calendarSecret,
                        "grant_type",
                        "refresh_token",
                        "refresh_token",
                        second.json().get("refresh_token").asText(),
                        "scope",
                        "tasks")
                .json();
        assertThat(narrow.get("scope").asText()).isEqualTo("tasks");
        assertThat(narrow.has("id_token")).isFalse();
        for (String tooMuch : List.of("account", "email", "tasks nonsense")) {
            assertThat(tokenAs(
                                    "calendar",
                                    calendarSecret,
                                    "grant_type",
                                    "refresh_token",
                                    "refresh_token",
                                    narrow.get("refresh_token").asText(),
                                    "scope",
                                    tooMuch)
                            .json()
                            .get("error")
                            .asText())
                    .as(tooMuch)
                    .isEqualTo("invalid_scope");
        }
        // Somebody else's token is no token.
        assertThat(refresh("phone", null, narrow).json().get("error").asText()).isEqualTo("unauthorized_client");
        assertThat(refresh("taskplatform", null, narrow).json().get("error").asText())
                .isEqualTo("invalid_grant");
    }

    @Test
    void refreshesThePlatformsOwnSessions() {
        JsonNode session = signIn(person(), PASSWORD).json();
        ApiResponse refreshed = refresh("taskplatform", null, session);
        assertThat(refreshed.status()).as(refreshed.body()).isEqualTo(200);
        assertThat(refreshed.json().get("session_id")).isEqualTo(session.get("session_id"));
        assertThat(refreshed.json().get("scope").asText()).isEqualTo("account tasks");
        assertThat(api.get("/v1/users/me")
                        .bearer(refreshed.json().get("access_token").asText())
                        .sendUndocumented()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void letsClientsActForThemselves() throws Exception {
        JsonNode token = tokenAs("robot", robotSecret, "grant_type", "client_credentials")
                .json();
        assertThat(token.get("scope").asText()).isEqualTo("events introspect");
        assertThat(token.has("refresh_token")).isFalse();
        JWTClaimsSet claims = verified(token.get("access_token").asText());
        assertThat(claims.getSubject()).isEqualTo("robot");
        assertThat(claims.getClaims()).doesNotContainKeys("username", "sid", "roles");
        assertThat(tokenAs("robot", robotSecret, "grant_type", "client_credentials", "scope", "events")
                        .json()
                        .get("scope")
                        .asText())
                .isEqualTo("events");
        assertThat(tokenAs("robot", robotSecret, "grant_type", "client_credentials", "scope", "users:read")
                        .json()
                        .get("error")
                        .asText())
                .isEqualTo("invalid_scope");
        assertThat(tokenAs("calendar", calendarSecret, "grant_type", "client_credentials")
                        .json()
                        .get("error")
                        .asText())
                .isEqualTo("unauthorized_client");
        // No person's API takes it.
        assertThat(api.get("/oauth2/userinfo")
                        .bearer(token.get("access_token").asText())
                        .send()
                        .status())
                .isEqualTo(403);
    }

    @Test
    void keepsOthersClientsOutOfAccounts() {
        String code = code(person(), "openid tasks");
        String access = redeem("calendar", calendarSecret, CALENDAR, code)
                .json()
                .get("access_token")
                .asText();
        assertThat(api.get("/v1/users/me").bearer(access).sendUndocumented().status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            grant_type=password&username=ann&password=x&client_id=phone      | 400 | unsupported_grant_type
            client_id=phone                                                  | 400 | invalid_request
            grant_type=authorization_code&client_id=phone                    | 400 | invalid_request
            grant_type=client_credentials&client_id=phone                    | 400 | unauthorized_client
            grant_type=client_credentials                                    | 401 | invalid_client
            grant_type=client_credentials&client_id=nobody                   | 401 | invalid_client
            grant_type=client_credentials&client_id=robot                    | 401 | invalid_client
            grant_type=client_credentials&client_id=robot&client_secret=x    | 401 | invalid_client
            grant_type=client_credentials&client_id=nobody&client_secret=x   | 401 | invalid_client
            grant_type=refresh_token&client_id=phone&client_secret=x         | 401 | invalid_client
            grant_type=a&grant_type=b&client_id=phone                        | 400 | invalid_request
            grant_type=refresh_token&refresh_token=x&client_id=taskplatform  | 400 | invalid_grant
            grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=x | 401 | invalid_client
            grant_type=client_credentials&client_assertion=x&client_assertion_type=y | 401 | invalid_client
            grant_type=client_credentials&client_assertion=x                 | 400 | invalid_request
            """)
    void answersErrorsAsRfc6749HasThem(String form, int status, String error) {
        ApiResponse response = api.request("POST", "/oauth2/token")
                .body("application/x-www-form-urlencoded", form)
                .send();
        assertThat(response.status()).as(response.body()).isEqualTo(status);
        assertThat(response.json().get("error").asText()).isEqualTo(error);
        assertThat(response.header("Cache-Control")).contains("no-store");
    }

    @Test
    void readsFormsOnly() {
        for (String type : List.of("application/json", "text/plain")) {
            ApiResponse response = api.request("POST", "/oauth2/token")
                    .body(type, "{\"grant_type\": \"client_credentials\"}")
                    .send();
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.json().get("error").asText()).isEqualTo("invalid_request");
        }
    }

    @Test
    void decodesBasicAsRfc6749HasIt() {
        assertThat(basic("robot", robotSecret).status()).isEqualTo(200);
        assertThat(basic("%72obot", robotSecret).status()).isEqualTo(200);
        ApiResponse wrong = basic("robot", "wrong");
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.header("WWW-Authenticate")).contains("Basic realm=\"taskplatform\"");
        assertThat(wrong.body()).isEqualTo(basic("nobody", "wrong").body());
        assertThat(api.postForm("/oauth2/token", "grant_type", "client_credentials", "client_secret", robotSecret)
                        .header("Authorization", "Basic " + base64("robot:" + robotSecret))
                        .send()
                        .json()
                        .get("error")
                        .asText())
                .isEqualTo("invalid_request");
        assertThat(api.postForm("/oauth2/token", "grant_type", "client_credentials", "client_id", "calendar")
                        .header("Authorization", "Basic " + base64("robot:" + robotSecret))
                        .send()
                        .status())
                .isEqualTo(400);
        for (String header :
                List.of("Basic", "Basic !", "Bearer x", "Basic " + base64("robot"), "Basic " + base64("a%:b"))) {
            assertThat(api.postForm("/oauth2/token", "grant_type", "client_credentials")
                            .header("Authorization", header)
                            .send()
                            .status())
                    .as(header)
                    .isEqualTo(401);
        }
    }

    @Test
    void takesTheOldSecretWhileItOverlaps() {
        String admin = administrator();
        String old = client(admin, """
                {"clientId": "rotated", "name": "Rotated", "type": "confidential",
                 "grantTypes": ["client_credentials"], "scopes": ["events"]}""");
        String fresh = api.post("/v1/admin/clients/rotated/secret", "{\"overlap\": \"PT1H\"}")
                .bearer(admin)
                .header("If-Match", "*")
                .sendUndocumented()
                .json()
                .get("clientSecret")
                .asText();
        assertThat(basic("rotated", old).status()).isEqualTo(200);
        assertThat(basic("rotated", fresh).status()).isEqualTo(200);
        setTime(START.plus(Duration.ofHours(1)));
        assertThat(basic("rotated", old).status()).isEqualTo(401);
        assertThat(basic("rotated", fresh).status()).isEqualTo(200);
    }

    // ---- revocation, introspection, userinfo

    @Test
    void revokesByEitherToken() {
        for (String kind : List.of("access_token", "refresh_token")) {
            String code = code(person(), "openid offline_access");
            JsonNode tokens = redeem("calendar", calendarSecret, CALENDAR, code).json();
            String token = tokens.get(kind).asText();
            // Not by somebody else.
            assertThat(revoke("robot", robotSecret, token).status()).isEqualTo(200);
            assertThat(introspect("calendar", calendarSecret, token)
                            .get("active")
                            .asBoolean())
                    .isTrue();
            assertThat(revoke("calendar", calendarSecret, token).status()).isEqualTo(200);
            assertThat(revoke("calendar", calendarSecret, token).status()).isEqualTo(200);
            for (String both : List.of("access_token", "refresh_token")) {
                assertThat(introspect(
                                        "calendar",
                                        calendarSecret,
                                        tokens.get(both).asText())
                                .toString())
                        .isEqualTo("{\"active\":false}");
            }
            assertThat(refresh("calendar", calendarSecret, tokens).status()).isEqualTo(400);
        }
        assertThat(revoke("calendar", calendarSecret, "nothing").status()).isEqualTo(200);
        String own = tokenAs("robot", robotSecret, "grant_type", "client_credentials")
                .json()
                .get("access_token")
                .asText();
        assertThat(revoke("robot", robotSecret, own).json().get("error").asText())
                .isEqualTo("unsupported_token_type");
        assertThat(api.postForm("/oauth2/revoke", "token", "x").send().status()).isEqualTo(401);
        assertThat(api.postForm("/oauth2/revoke", "client_id", "phone").send().status())
                .isEqualTo(400);
    }

    @Test
    void tellsOwnersAndThoseWithTheScopeOfTokens() {
        String username = person();
        String code = code(username, "openid tasks offline_access");
        JsonNode tokens = redeem("calendar", calendarSecret, CALENDAR, code).json();
        String access = tokens.get("access_token").asText();
        JsonNode known = introspect("robot", robotSecret, access);
        assertThat(known.get("username").asText()).isEqualTo(username);
        assertThat(known.get("client_id").asText()).isEqualTo("calendar");
        assertThat(introspect("calendar", calendarSecret, access)).isEqualTo(known);
        assertThat(introspect("robot", robotSecret, tokens.get("refresh_token").asText())
                        .get("sub"))
                .isEqualTo(known.get("sub"));
        String stranger = client(administrator(), """
                {"clientId": "stranger-%d", "name": "Stranger", "type": "confidential",
                 "grantTypes": ["client_credentials"], "scopes": ["events"]}""".formatted(System.nanoTime()));
        assertThat(stranger).isNotEmpty();
        assertThat(introspect("calendar", calendarSecret, token(signIn(username, PASSWORD)))
                        .get("active")
                        .asBoolean())
                .isFalse();
        // Public clients prove nothing.
        assertThat(api.postForm("/oauth2/introspect", "token", access, "client_id", "phone")
                        .send()
                        .status())
                .isEqualTo(401);
        assertThat(api.postForm("/oauth2/introspect", "client_id", "robot", "client_secret", robotSecret)
                        .send()
                        .status())
                .isEqualTo(400);
        setTime(START.plus(Duration.ofMinutes(16)));
        assertThat(introspect("robot", robotSecret, access).get("active").asBoolean())
                .isFalse();
    }

    @Test
    void takesNoTokenThatIsNotOne() throws Exception {
        String code = code(person(), "openid tasks");
        JsonNode tokens = redeem("calendar", calendarSecret, CALENDAR, code).json();
        SignedJWT good = SignedJWT.parse(tokens.get("access_token").asText());
        JWTClaimsSet claims = good.getJWTClaimsSet();
        ECKey stranger = new ECKeyGenerator(Curve.P_256)
                .keyID(good.getHeader().getKeyID())
                .generate();
        String payload = good.getPayload().toBase64URL().toString();
        List<String> bad = new ArrayList<>(List.of(
                tokens.get("id_token").asText(),
                new PlainJWT(claims).serialize(),
                signed(stranger, "at+jwt", claims),
                "e30." + payload + ".",
                good.serialize().substring(0, good.serialize().length() - 4) + "AAAA",
                "x".repeat(9_000)));
        // Longer than a header may be, but not than a form.
        String endless = "x".repeat(60_000);
        assertThat(introspect("robot", robotSecret, endless).get("active").asBoolean())
                .isFalse();
        assertThat(revoke("calendar", calendarSecret, endless).status()).isEqualTo(200);
        for (String token : bad) {
            ApiResponse response = api.get("/oauth2/userinfo").bearer(token).send();
            assertThat(response.status()).isEqualTo(401);
            assertThat(response.header("WWW-Authenticate").orElseThrow()).contains("error=\"invalid_token\"");
            assertThat(introspect("robot", robotSecret, token).get("active").asBoolean())
                    .isFalse();
            assertThat(revoke("calendar", calendarSecret, token).status()).isEqualTo(200);
        }
        assertThat(api.get("/oauth2/userinfo").bearer(good.serialize()).send().status())
                .isEqualTo(200);
    }

    // ---- discovery

    @Test
    void describesItself() {
        JsonNode server =
                api.get("/.well-known/oauth-authorization-server").send().json();
        JsonNode provider = api.get("/.well-known/openid-configuration").send().json();
        assertThat(server.get("issuer").asText()).isEqualTo(UserServiceUnderTest.ISSUER);
        assertThat(server.get("token_endpoint").asText()).isEqualTo(UserServiceUnderTest.ISSUER + "/oauth2/token");
        assertThat(provider.get("userinfo_endpoint").asText())
                .isEqualTo(UserServiceUnderTest.ISSUER + "/oauth2/userinfo");
        assertThat(server.properties())
                .allSatisfy(member -> assertThat(provider.get(member.getKey())).isEqualTo(member.getValue()));
        assertThat(provider.get("id_token_signing_alg_values_supported").toString())
                .isEqualTo("[\"RS256\",\"ES256\"]");
        assertThat(server.get("grant_types_supported").toString()).doesNotContain("password", "jwt-bearer");
        List<String> routes =
                service.server().routes().stream().map(route -> route.pattern()).toList();
        provider.properties().stream()
                .filter(member ->
                        member.getKey().endsWith("_endpoint") || member.getKey().equals("jwks_uri"))
                .forEach(member -> assertThat(routes)
                        .contains(URI.create(member.getValue().asText()).getPath()));
    }

    // ---- failure and race

    @Test
    void saysWhenItsDatabaseIsAwayByPostToo() throws Exception {
        try (DatabaseUnderTest away = DatabaseUnderTest.postgres("127.0.0.1", 1, "users", "users", "secret");
                UserServiceUnderTest waiting =
                        UserServiceUnderTest.start(away.settings(), Map.of(), clock(), contract())) {
            ApiClient client = waiting.client();
            for (String path : List.of("/oauth2/token", "/oauth2/revoke", "/oauth2/introspect")) {
                ApiResponse response = client.postForm(
                                path,
                                "grant_type",
                                "client_credentials",
                                "token",
                                "x",
                                "client_id",
                                "robot",
                                "client_secret",
                                "x")
                        .send();
                assertThat(response.status()).isEqualTo(503);
                assertThat(response.json().get("error").asText()).isEqualTo("temporarily_unavailable");
            }
            String request = request("calendar", CALENDAR, "openid");
            assertThat(client.postForm(request, "step", "sign-in").send().status())
                    .isEqualTo(503);
            assertThat(client.request("POST", "/oauth2/userinfo")
                            .bearer("eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6ImsifQ.e30.c2ln")
                            .send()
                            .status())
                    .isEqualTo(503);
        }
    }

    @Test
    void letsOneOfManyHaveACode() throws Exception {
        String code = code(person(), "openid");
        Callable<Integer> attempt =
                () -> redeem("calendar", calendarSecret, CALENDAR, code).status();
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> result : executor.invokeAll(
                    IntStream.range(0, 16).mapToObj(i -> attempt).toList())) {
                statuses.add(result.get());
            }
        }
        assertThat(statuses).containsOnlyOnce(200).containsOnly(200, 400);
    }

    // ---- helpers

    private String person() {
        String username = "person-" + System.nanoTime();
        register(username, PASSWORD);
        return username;
    }

    private String client(String admin, String body) {
        ApiResponse made = api.post("/v1/admin/clients", body).bearer(admin).sendUndocumented();
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        return made.json().path("clientSecret").asText();
    }

    /** Has agreed to the calendar. */
    private Browser signedIn(String username, String scope) {
        Browser browser = new Browser(api);
        browser.open(request("calendar", CALENDAR, scope));
        browser.submit("username", username, "password", PASSWORD);
        assertThat(answer(browser.submit("decision", "allow"), CALENDAR)).containsKey("code");
        return browser;
    }

    private String code(String username, String scope) {
        Browser browser = new Browser(api);
        browser.open(request("calendar", CALENDAR, scope));
        browser.submit("username", username, "password", PASSWORD);
        return answer(browser.submit("decision", "allow"), CALENDAR).get("code");
    }

    /** @return the secret of the authenticator, whose code of now is used up */
    private String secondFactorOf(String username) {
        String access = token(signIn(username, PASSWORD));
        String secret = api.post("/v1/users/me/totp", "{\"password\": \"" + PASSWORD + "\"}")
                .bearer(access)
                .sendUndocumented()
                .json()
                .get("secret")
                .asText();
        ApiResponse confirmed = api.post(
                        "/v1/users/me/totp/confirmation",
                        "{\"code\": \"%s\"}".formatted(SecondFactorApiTest.code(secret, clock().instant())))
                .bearer(access)
                .sendUndocumented();
        assertThat(confirmed.status()).as(confirmed.body()).isEqualTo(200);
        return secret;
    }

    /** A request with parameters, of which later ones replace earlier ones and empty ones are left out. */
    private static String request(String client, String redirectUri, String scope, String... more) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("response_type", "code");
        parameters.put("client_id", client);
        parameters.put("redirect_uri", redirectUri);
        parameters.put("scope", scope);
        parameters.put("state", "s t&ate");
        parameters.put("code_challenge", challenge());
        parameters.put("code_challenge_method", "S256");
        for (int i = 0; i < more.length; i += 2) {
            parameters.put(more[i], more[i + 1]);
        }
        parameters.values().removeIf(String::isEmpty);
        return parameters.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&", "/oauth2/authorize?", ""));
    }

    /** The parameters of a redirect to the client. */
    private static Map<String, String> answer(ApiResponse response, String redirectUri) {
        assertThat(response.status()).as(response.body()).isEqualTo(303);
        String location = response.header("Location").orElseThrow();
        assertThat(location).startsWith(redirectUri + "?");
        return Arrays.stream(location.substring(redirectUri.length() + 1).split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }

    private ApiResponse redeem(String client, String secret, String redirectUri, String code) {
        return tokenAs(
                client,
                secret,
                "grant_type",
                "authorization_code",
                "code",
                code,
                "redirect_uri",
                redirectUri,
                "code_verifier",
                VERIFIER);
    }

    private ApiResponse refresh(String client, String secret, JsonNode tokens) {
        return tokenAs(
                client,
                secret,
                "grant_type",
                "refresh_token",
                "refresh_token",
                tokens.get("refresh_token").asText());
    }

    private ApiResponse tokenAs(String client, String secret, String... fields) {
        return postAs("/oauth2/token", client, secret, fields);
    }

    private ApiResponse revoke(String client, String secret, String token) {
        return postAs("/oauth2/revoke", client, secret, "token", token);
    }

    private JsonNode introspect(String client, String secret, String token) {
        return postAs("/oauth2/introspect", client, secret, "token", token).json();
    }

    private ApiResponse postAs(String path, String client, String secret, String... fields) {
        List<String> form = new ArrayList<>(List.of(fields));
        form.addAll(List.of("client_id", client));
        if (secret != null) {
            form.addAll(List.of("client_secret", secret));
        }
        return api.postForm(path, form.toArray(String[]::new)).send();
    }

    private ApiResponse basic(String client, String secret) {
        return api.postForm("/oauth2/token", "grant_type", "client_credentials")
                .header("Authorization", "Basic " + base64(client + ":" + secret))
                .send();
    }

    private JWTClaimsSet verified(String token) throws Exception {
        SignedJWT jwt = SignedJWT.parse(token);
        JWKSet keys = JWKSet.parse(
                api.get("/.well-known/jwks.json").sendUndocumented().body());
        JWK key = keys.getKeyByKeyId(jwt.getHeader().getKeyID());
        assertThat(jwt.getHeader().getAlgorithm().getName())
                .isEqualTo(key.getAlgorithm().getName());
        assertThat(jwt.verify(key instanceof RSAKey rsa ? new RSASSAVerifier(rsa) : new ECDSAVerifier(key.toECKey())))
                .isTrue();
        return jwt.getJWTClaimsSet();
    }

    private static String signed(ECKey key, String type, JWTClaimsSet claims) throws Exception {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType(type))
                        .keyID(key.getKeyID())
                        .build(),
                claims);
        jwt.sign(new ECDSASigner(key));
        return jwt.serialize();
    }

    private static String challenge() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(VERIFIER));
    }

    private static String atHash(String accessToken) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(sha256(accessToken), 16));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
