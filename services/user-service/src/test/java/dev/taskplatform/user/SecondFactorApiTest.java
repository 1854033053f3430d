// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskplatform.kit.contract.ApiResponse;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** The second factor, over HTTP and held to the document. */
class SecondFactorApiTest extends ApiTest {
    private static final String TOTP = "/v1/users/me/totp";
    private static final String CONFIRMATION = TOTP + "/confirmation";
    private static final String RECOVERY = "/v1/users/me/recovery-codes";
    private static final String CONFIRMING = "{\"password\": \"" + PASSWORD + "\"}";
    private static final int STEP_SECONDS = 30;

    SecondFactorApiTest() {
        super("second-factor");
    }

    @Test
    void isAskedForOnceItWasShownToWork() {
        String token = person("enrols");
        assertThat(api.get(TOTP).bearer(token).send().body()).isEqualTo("{\"enabled\":false,\"recoveryCodesLeft\":0}");
        String secret = enrol(token);
        assertThat(signIn("enrols", PASSWORD).status()).isEqualTo(201);

        ApiResponse enabled = confirm(token, code(secret, START));

        assertThat(enabled.status()).isEqualTo(200);
        assertThat(enabled.json().get("recoveryCodes")).hasSize(10);
        JsonNode factor = api.get(TOTP).bearer(token).send().json();
        assertThat(factor.get("enabled").asBoolean()).isTrue();
        assertThat(factor.get("enabledAt").asText()).isEqualTo(START.toString());
        assertThat(factor.get("recoveryCodesLeft").asInt()).isEqualTo(10);
        assertProblem(signIn("enrols", PASSWORD), 401, "second-factor-required");
        assertProblem(signIn("enrols", "wrong horse"), 401, "wrong-credentials");
    }

    @Test
    void signsInWithACodeOnce() {
        String secret = enabled("once");
        Instant later = START.plusSeconds(STEP_SECONDS);
        setTime(later);
        String code = code(secret, later);

        ApiResponse signedIn = signIn("once", code);

        assertThat(signedIn.status()).isEqualTo(201);
        JsonNode session = api.get(signedIn.header("Location").orElseThrow())
                .bearer(token(signedIn))
                .send()
                .json();
        assertThat(session.get("methods").toString()).isEqualTo("[\"mfa\",\"otp\",\"pwd\"]");
        assertProblem(signIn("once", code), 401, "wrong-code");
    }

    @Test
    void doesNotTakeTheCodeThatEnabledIt() {
        String secret = enabled("first");

        assertProblem(signIn("first", code(secret, START)), 401, "wrong-code");
        // Nor one of an earlier step, though it is within what clocks may differ by.
        assertProblem(signIn("first", code(secret, START.minusSeconds(STEP_SECONDS))), 401, "wrong-code");
        assertThat(signIn("first", code(secret, START.plusSeconds(STEP_SECONDS)))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void takesCodesInGroupsAndNoneOfOtherTimes() {
        String secret = enabled("groups");
        Instant later = START.plus(Duration.ofHours(1));
        setTime(later);
        String code = code(secret, later);

        assertProblem(signIn("groups", code(secret, later.minusSeconds(2 * STEP_SECONDS))), 401, "wrong-code");
        assertProblem(signIn("groups", code(secret, later.plusSeconds(2 * STEP_SECONDS))), 401, "wrong-code");
        assertProblem(signIn("groups", "no code"), 401, "wrong-code");
        assertThat(signIn("groups", code.substring(0, 3) + " " + code.substring(3))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void letsOneOfManyUseARecoveryCode() throws Exception {
        String token = person("recovers");
        String recovery = confirm(token, code(enrol(token), START))
                .json()
                .at("/recoveryCodes/3")
                .asText();
        Callable<Integer> attempt = () -> signIn("recovers", recovery).status();
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> result :
                    executor.invokeAll(Stream.generate(() -> attempt).limit(8).toList())) {
                statuses.add(result.get());
            }
        }
        assertThat(statuses).containsOnlyOnce(201).hasSize(8);
        assertThat(api.get(TOTP)
                        .bearer(token)
                        .send()
                        .json()
                        .get("recoveryCodesLeft")
                        .asInt())
                .isEqualTo(9);
    }

    @Test
    void replacesRecoveryCodes() {
        String token = person("replaces");
        assertProblem(api.post(RECOVERY, CONFIRMING).bearer(token).send(), 409, "second-factor-not-enabled");
        String secret = enrol(token);
        JsonNode old = confirm(token, code(secret, START)).json().get("recoveryCodes");

        assertProblem(api.post(RECOVERY, CONFIRMING).bearer(token).send(), 403, "not-confirmed");
        ApiResponse replaced = api.post(RECOVERY, confirming(code(secret, START.plusSeconds(STEP_SECONDS))))
                .bearer(token)
                .send();

        assertThat(replaced.status()).isEqualTo(200);
        JsonNode fresh = replaced.json().get("recoveryCodes");
        assertProblem(signIn("replaces", old.get(0).asText()), 401, "wrong-code");
        assertThat(signIn("replaces", fresh.get(0).asText()).status()).isEqualTo(201);
    }

    @Test
    void isTakenAwayWithPasswordAndCode() {
        String token = person("takes-away");
        String secret = enrol(token);
        String recovery = confirm(token, code(secret, START))
                .json()
                .at("/recoveryCodes/0")
                .asText();
        String next = code(secret, START.plusSeconds(STEP_SECONDS));

        assertProblem(delete(token, CONFIRMING), 403, "not-confirmed");
        assertProblem(delete(token, confirming("123456")), 403, "not-confirmed");
        assertProblem(
                delete(token, "{\"password\": \"wrong horse\", \"code\": \"%s\"}".formatted(next)),
                403,
                "not-confirmed");
        assertThat(delete(token, confirming(next)).status()).isEqualTo(204);

        assertThat(signIn("takes-away", PASSWORD).status()).isEqualTo(201);
        assertProblem(delete(token, CONFIRMING), 404, "not-found");
        enabledAgain(token);
        assertProblem(signIn("takes-away", recovery), 401, "wrong-code");
    }

    @Test
    void wantsThePasswordForASecret() {
        String token = person("guarded");

        assertProblem(
                api.post(TOTP, "{\"password\": \"wrong horse\"}").bearer(token).send(), 403, "not-confirmed");
        assertThat(api.post(TOTP, "{}").bearer(token).send().status()).isEqualTo(400);
        assertThat(delete(token, "{}").status()).isEqualTo(400);
        assertThat(api.post(RECOVERY, "{}").bearer(token).send().status()).isEqualTo(400);
    }

    @Test
    void enrolsOneAuthenticatorAtATime() {
        String token = person("twice");
        assertProblem(confirm(token, "123456"), 409, "nothing-to-confirm");
        String forgotten = enrol(token);
        String secret = enrol(token);
        assertThat(secret).isNotEqualTo(forgotten);

        ApiResponse wrong = confirm(token, code(forgotten, START));
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().at("/errors/0/pointer").asText()).isEqualTo("/code");
        assertThat(confirm(token, code(secret, START)).status()).isEqualTo(200);

        assertProblem(confirm(token, code(secret, START)), 409, "nothing-to-confirm");
        assertProblem(api.post(TOTP, CONFIRMING).bearer(token).send(), 409, "second-factor-enabled");
    }

    @Test
    void describesItselfToAuthenticators() {
        String token = person("label");
        JsonNode enrolment = api.post(TOTP, CONFIRMING).bearer(token).send().json();

        assertThat(enrolment.get("uri").asText())
                .startsWith("otpauth://totp/users.test:label?")
                .contains("secret=" + enrolment.get("secret").asText());
    }

    /** Over HTTP as much as needs a route; the throttle has tests of its own. */
    @Test
    void locksAgainstWhoGuessesCodes() {
        String token = person("guessed");
        String secret = enrol(token);
        confirm(token, code(secret, START));
        String right = code(secret, START.plusSeconds(STEP_SECONDS));
        for (int i = 0; i < 10; i++) {
            assertProblem(signIn("guessed", "no code"), 401, "wrong-code");
            // Knowing the password does not make the guesses forgotten.
            if (i < 9) {
                assertProblem(signIn("guessed", PASSWORD), 401, "second-factor-required");
            }
        }

        assertProblem(signIn("guessed", right), 429, "too-many-attempts");
        assertProblem(delete(token, confirming(right)), 429, "too-many-attempts");
        assertProblem(api.post(RECOVERY, confirming(right)).bearer(token).send(), 429, "too-many-attempts");
        setTime(START.plus(Duration.ofMinutes(15)).plusSeconds(1));
        assertThat(signIn("guessed", code(secret, START.plus(Duration.ofMinutes(15))))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void locksAgainstWhoGuessesThePassword() {
        String token = person("open-session");
        String wrong = "{\"password\": \"wrong horse\"}";
        for (int i = 0; i < 10; i++) {
            assertProblem(api.post(TOTP, wrong).bearer(token).send(), 403, "not-confirmed");
        }

        assertProblem(api.post(TOTP, CONFIRMING).bearer(token).send(), 429, "too-many-attempts");
        assertProblem(signIn("open-session", PASSWORD), 429, "too-many-attempts");
    }

    @Test
    void simpleClientsCanSendACode() {
        String secret = enabled("simple");
        String body = "{\"username\": \"simple\", \"password\": \"" + PASSWORD + "\", \"code\": \"%s\"}";
        String next = code(secret, START.plusSeconds(STEP_SECONDS));

        assertThat(api.post("/login", credentials("simple", PASSWORD)).send().status())
                .isEqualTo(401);
        assertThat(api.post("/login", body.formatted(next)).send().status()).isEqualTo(200);
    }

    private String person(String username) {
        register(username, PASSWORD);
        return token(super.signIn(username, PASSWORD));
    }

    private String enabled(String username) {
        return enabledAgain(person(username));
    }

    private String enabledAgain(String token) {
        String secret = enrol(token);
        assertThat(confirm(token, code(secret, START)).status()).isEqualTo(200);
        return secret;
    }

    private String enrol(String token) {
        ApiResponse enrolled = api.post(TOTP, CONFIRMING).bearer(token).send();
        assertThat(enrolled.status()).isEqualTo(201);
        return enrolled.json().get("secret").asText();
    }

    private ApiResponse confirm(String token, String code) {
        return api.post(CONFIRMATION, "{\"code\": \"%s\"}".formatted(code))
                .bearer(token)
                .send();
    }

    private ApiResponse delete(String token, String body) {
        return api.request("DELETE", TOTP)
                .bearer(token)
                .body("application/json", body)
                .send();
    }

    /** With a code, or with the password alone if it is one. */
    @Override
    ApiResponse signIn(String username, String codeOrPassword) {
        return codeOrPassword.endsWith("horse")
                ? super.signIn(username, codeOrPassword)
                : api.post(
                                "/v1/sessions",
                                "{\"username\": \"%s\", \"password\": \"%s\", \"code\": \"%s\"}"
                                        .formatted(username, PASSWORD, codeOrPassword))
                        .send();
    }

    private static String confirming(String code) {
        return "{\"password\": \"%s\", \"code\": \"%s\"}".formatted(PASSWORD, code);
    }

    private static void assertProblem(ApiResponse response, int status, String type) {
        assertThat(response.status()).as(response.body()).isEqualTo(status);
        assertThat(response.json().get("type").asText()).endsWith("/" + type);
    }

    /** What an authenticator shows: written here a second time, from the RFC. */
    static String code(String secret, Instant time) {
        byte[] step = ByteBuffer.allocate(Long.BYTES)
                .putLong(time.getEpochSecond() / STEP_SECONDS)
                .array();
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(base32(secret), "HmacSHA1"));
            byte[] hash = mac.doFinal(step);
            int number = ByteBuffer.wrap(hash).getInt(hash[19] & 0xf) & Integer.MAX_VALUE;
            return String.format(Locale.ROOT, "%06d", number % 1_000_000);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] base32(String text) {
        ByteBuffer bytes = ByteBuffer.allocate(text.length() * 5 / 8);
        int bits = 0;
        int buffer = 0;
        for (char c : text.toCharArray()) {
            buffer = buffer << 5 | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c);
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                bytes.put((byte) (buffer >> bits));
            }
        }
        return bytes.array();
    }
}
