// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taskplatform.kit.problem.InvalidValueException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsernamePolicyTest {
    private final UsernamePolicy policy = new UsernamePolicy();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ann",
                "ann.o-brien+tasks@example.com",
                "Größe1",
                "анна",
                "अन्ना1",
                "安娜ann",
                "かなカナ漢字a",
                "한글abc",
                "meg",
                "admin"
            })
    void acceptsOneScriptAndWhatIsWrittenWithLatin(String text) {
        assertThat(policy.accept(text)).isEqualTo(Username.of(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pаypal", "анна.x", "ελa", "אa"})
    void refusesMixedScripts(String text) {
        assertThatThrownBy(() -> policy.accept(text))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("must not mix scripts");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1२", "अ1२"})
    void refusesMixedDigits(String text) {
        assertThatThrownBy(() -> policy.accept(text))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("digits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"q\u0301\u0301", "j\u0307"})
    void refusesMarksThatCannotBeSeen(String text) {
        assertThatThrownBy(() -> policy.accept(text))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("cannot be seen");
    }

    @ParameterizedTest
    @ValueSource(strings = {"me", "ME", "rne", "ｍｅ", "system", "taskplatform", "taskp1atform", "anonymous"})
    void refusesReservedNamesAndTheirLookalikes(String text) {
        assertThatThrownBy(() -> policy.accept(text))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("reserved");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b"})
    void refusesWhatIsNoUsername(String text) {
        assertThatThrownBy(() -> policy.accept(text)).isInstanceOf(InvalidValueException.class);
    }
}
