// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserAgentTest {
    @Test
    void keepsWhatCanBeSeen() {
        assertThat(UserAgent.find(" curl/8.5.0\t(x)\r\n\u0007\u202e\ud800é 🔑 "))
                .contains(new UserAgent("curl/8.5.0 (x)  é 🔑"));
    }

    @Test
    void cutsOffWhatIsTooLong() {
        UserAgent cut = UserAgent.find("🔑".repeat(300)).orElseThrow();

        assertThat(cut.text().codePointCount(0, cut.text().length())).isEqualTo(256);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "\u0000\u200b"})
    void isNothingWhereNothingCanBeSeen(String header) {
        assertThat(UserAgent.find(header)).isEmpty();
    }
}
