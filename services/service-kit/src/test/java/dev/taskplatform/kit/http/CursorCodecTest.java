// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taskplatform.kit.problem.InvalidValueException;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorCodecTest {
    private static final byte[] POSITION = {1, 2, 3};

    private final CursorCodec codec = new CursorCodec(new byte[32]);

    @Test
    void givesBackThePosition() {
        String cursor = codec.encode("ann's tasks", POSITION);

        assertThat(codec.decode("ann's tasks", cursor)).isEqualTo(POSITION);
        assertThat(cursor).matches("[A-Za-z0-9_-]+");
    }

    @Test
    void refusesAnotherList() {
        String cursor = codec.encode("ann's tasks", POSITION);

        assertRefused("bob's tasks", cursor);
        // The same bytes in a row, parted elsewhere.
        assertRefused("ann's tasks\u0001", codec.encode("ann's tasks", new byte[] {1, 1, 2, 3}));
    }

    @Test
    void refusesAnotherKey() {
        byte[] otherKey = new byte[32];
        otherKey[31] = 1;

        assertRefused("list", new CursorCodec(otherKey).encode("list", POSITION));
    }

    @Test
    void refusesEveryChange() {
        byte[] cursor = Base64.getUrlDecoder().decode(codec.encode("list", POSITION));
        for (int bit = 0; bit < cursor.length * 8; bit++) {
            byte[] changed = cursor.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertRefused("list", Base64.getUrlEncoder().withoutPadding().encodeToString(changed));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "AAAA", "====", "a cursor", "\u0000", "é"})
    void refusesWhatIsNoCursor(String text) {
        assertRefused("list", text);
    }

    private void assertRefused(String list, String cursor) {
        assertThatThrownBy(() -> codec.decode(list, cursor)).isInstanceOf(InvalidValueException.class);
    }
}
