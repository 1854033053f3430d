// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.factor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotpSecretTest {
    private static final TotpSecret OF_THE_RFC =
            new TotpSecret("12345678901234567890".getBytes(StandardCharsets.US_ASCII));
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:15Z");
    private static final Duration STEP = Duration.ofSeconds(30);

    /** RFC 6238, appendix B, the rows of SHA-1: the last 6 of its 8 digits. */
    @ParameterizedTest
    @CsvSource({
        "59,          287082",
        "1111111109,  081804",
        "1111111111,  050471",
        "1234567890,  005924",
        "2000000000,  279037",
        "20000000000, 353130"
    })
    void agreesWithTheRfc(long seconds, String code) {
        Instant instant = Instant.ofEpochSecond(seconds);

        assertThat(OF_THE_RFC.code(TotpSecret.step(instant))).isEqualTo(code);
        assertThat(OF_THE_RFC.match(code, instant)).hasValue(TotpSecret.step(instant));
    }

    /** RFC 4226, appendix D. */
    @ParameterizedTest
    @CsvSource({
        "0, 755224", "1, 287082", "2, 359152", "3, 969429", "4, 338314",
        "5, 254676", "6, 287922", "7, 162583", "8, 399871", "9, 520489"
    })
    void agreesWithTheRfcThatCounts(long step, String code) {
        assertThat(OF_THE_RFC.code(step)).isEqualTo(code);
    }

    @Test
    void acceptsOneStepEitherSide() {
        long step = TotpSecret.step(NOW);
        String code = OF_THE_RFC.code(step);

        assertThat(OF_THE_RFC.match(code, NOW.minus(STEP))).hasValue(step);
        assertThat(OF_THE_RFC.match(code, NOW.plus(STEP))).hasValue(step);
        assertThat(OF_THE_RFC.match(code, NOW.minus(STEP.multipliedBy(2)))).isEmpty();
        assertThat(OF_THE_RFC.match(code, NOW.plus(STEP.multipliedBy(2)))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"''", "12345", "1234567", "abcdef", "+12345", "１２３４５６"})
    void acceptsNothingElse(String code) {
        assertThat(OF_THE_RFC.match(code, NOW)).isEmpty();
    }

    /** RFC 4648, section 10, without its padding. */
    @ParameterizedTest
    @CsvSource({"'',''", "f,MY", "fo,MZXQ", "foo,MZXW6", "foob,MZXW6YQ", "fooba,MZXW6YTB", "foobar,MZXW6YTBOI"})
    void writesBase32(String bytes, String text) {
        assertThat(Base32.encode(bytes.getBytes(StandardCharsets.US_ASCII))).isEqualTo(text);
    }

    @Test
    void describesItselfToAuthenticators() {
        URI uri = URI.create(OF_THE_RFC.uri("users.example.com", "änn+1@home"));

        assertThat(uri).hasScheme("otpauth").hasHost("totp");
        assertThat(uri.getPath()).isEqualTo("/users.example.com:änn+1@home");
        assertThat(uri.getRawQuery())
                .isEqualTo("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=users.example.com"
                        + "&algorithm=SHA1&digits=6&period=30");
    }

    @Test
    void has160RandomBits() {
        SecureRandom random = new SecureRandom();
        TotpSecret secret = TotpSecret.random(random);

        assertThat(secret.text())
                .hasSize(32)
                .isNotEqualTo(TotpSecret.random(random).text());
        assertThat(new TotpSecret(secret.bytes()).text()).isEqualTo(secret.text());
        assertThat(secret.toString()).doesNotContain(secret.text());
    }
}
