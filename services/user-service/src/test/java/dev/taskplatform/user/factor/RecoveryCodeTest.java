// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.factor;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecoveryCodeTest {
    private final RecoveryCode code = RecoveryCode.random(new SecureRandom());

    @Test
    void isReadBackHoweverItIsTyped() {
        String text = code.text();

        assertThat(text).matches("([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}");
        assertThat(RecoveryCode.parse(text).orElseThrow().hash()).isEqualTo(code.hash());
        assertThat(RecoveryCode.parse(" " + text.replace('-', ' ').toUpperCase())
                        .orElseThrow()
                        .hash())
                .isEqualTo(code.hash());
    }

    @Test
    void knowsLettersThatLookLikeDigits() {
        assertThat(RecoveryCode.parse("OIL0-0000-0000-0000").orElseThrow().text())
                .isEqualTo("0110-0000-0000-0000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "123456", "0000-0000-0000-000", "0000-0000-0000-0000-0", "0000-0000-0000-000u"})
    void isNothingElse(String text) {
        assertThat(RecoveryCode.parse(text)).isEmpty();
    }

    @Test
    void differsEachTimeAndHidesItself() {
        RecoveryCode other = RecoveryCode.random(new SecureRandom());

        assertThat(other.hash()).isNotEqualTo(code.hash());
        assertThat(code.toString()).doesNotContain(code.text());
    }
}
