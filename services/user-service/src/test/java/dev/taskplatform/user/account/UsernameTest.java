// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taskplatform.kit.problem.InvalidValueException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsernameTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "ann.o-brien+tasks@example.com", "_", "安娜", "анна", "अन्ना", "0"})
    void acceptsNamesOfAnyScript(String text) {
        assertThat(Username.of(text).value()).isEqualTo(text);
        assertThat(Username.find(text)).contains(new Username(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "a b", " a", "a ", "a\tb", "a\nb", "a\u0000b", "a\u200db", "\u0301a", "a/b", "a:b", "😀"
            })
    void refusesOthers(String text) {
        assertThatThrownBy(() -> Username.of(text)).isInstanceOf(InvalidValueException.class);
        assertThat(Username.find(text)).isEmpty();
    }

    @Test
    void hasAKeyForWhateverIsTyped() {
        assertThat(Username.keyOf("ANN")).isEqualTo(Username.of("ann").key());
        assertThat(Username.keyOf("no name")).isEqualTo("no name");
    }

    @Test
    void countsCodePointsAfterNormalisation() {
        String mathematicalA = "\ud835\udc00";
        assertThat(Username.of(mathematicalA.repeat(64)).value()).isEqualTo("A".repeat(64));
        assertThatThrownBy(() -> Username.of("a".repeat(65))).isInstanceOf(InvalidValueException.class);
        // One ligature, three letters.
        assertThatThrownBy(() -> Username.of("\ufb03".repeat(22))).isInstanceOf(InvalidValueException.class);
    }

    @ParameterizedTest
    @CsvSource({"Ann,ANN", "straße,STRASSE", "σίσυφος,ΣΊΣΥΦΟΣ", "ﬁsh,fish", "é,e\u0301", "１,1"})
    void takesWhatLooksTheSameForOneName(String one, String other) {
        assertThat(Username.of(one).key()).isEqualTo(Username.of(other).key());
    }

    @Test
    void tellsOthersApart() {
        assertThat(Username.of("ann").key()).isNotEqualTo(Username.of("anne").key());
        assertThat(Username.of("resume").key())
                .isNotEqualTo(Username.of("résumé").key());
    }

    @ParameterizedTest
    @CsvSource({
        "paypal,pаypаl", // Cyrillic а
        "cop,СОР", // Cyrillic throughout, in capitals
        "com,СОМ",
        "alice,aIice", // capital i
        "alice,a1ice",
        "corn,com",
        "bob,b0b",
        "1א,א1" // shown in the same order
    })
    void seesNamesThatLookAlike(String one, String other) {
        assertThat(Username.of(one).skeleton()).isEqualTo(Username.of(other).skeleton());
        assertThat(Username.of(one).key()).isNotEqualTo(Username.of(other).key());
    }

    @ParameterizedTest
    @CsvSource({"ann,anne", "resume,résumé", "user1,user2", "user10,user11", "анна,анны", "a.b,a-b"})
    void tellsNamesApartThatLookDifferent(String one, String other) {
        assertThat(Username.of(one).skeleton()).isNotEqualTo(Username.of(other).skeleton());
    }
}
