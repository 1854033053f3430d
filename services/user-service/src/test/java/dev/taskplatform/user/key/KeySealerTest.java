// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.key;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeySealerTest {
    @TempDir
    private Path directory;

    @Test
    void saysHowToMakeAMissingFile() {
        Path missing = directory.resolve("missing");

        assertThatThrownBy(() -> KeySealer.fromFile(missing, new SecureRandom()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("keys.encryption-key-file", missing.toString(), "head -c 32");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AAAA", "not*base64*secret"})
    void refusesWhatIsNoKeyWithoutRepeatingIt(String content) throws Exception {
        Path file = Files.writeString(directory.resolve("key"), content);

        assertThatThrownBy(() -> KeySealer.fromFile(file, new SecureRandom()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .hasMessageContaining("keys.encryption-key-file")
                .hasMessageNotContaining("secret");
    }
}
