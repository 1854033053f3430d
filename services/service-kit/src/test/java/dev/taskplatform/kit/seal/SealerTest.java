// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealerTest {
    @TempDir
    private Path directory;

    @Test
    void saysHowToMakeAMissingFile() {
        Path missing = directory.resolve("missing");

        assertThatThrownBy(() -> Sealer.fromFile(missing, new SecureRandom()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("keys.encryption-key-file", missing.toString(), "head -c 32");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AAAA", "not*base64*secret"})
    void refusesWhatIsNoKeyWithoutRepeatingIt(String content) throws Exception {
        Path file = Files.writeString(directory.resolve("key"), content);

        assertThatThrownBy(() -> Sealer.fromFile(file, new SecureRandom()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .hasMessageContaining("keys.encryption-key-file")
                .hasMessageNotContaining("secret");
    }

    @Test
    void bindsASecretToItsContext() throws Exception {
        Path file =
                Files.writeString(directory.resolve("key"), Base64.getEncoder().encodeToString(new byte[32]));
        Sealer sealer = Sealer.fromFile(file, new SecureRandom());
        byte[] secret = "secret".getBytes(StandardCharsets.UTF_8);
        byte[] sealed = sealer.seal("a", secret);

        assertThat(sealer.open("a", sealed)).isEqualTo(secret);
        assertThat(sealer.seal("a", secret)).isNotEqualTo(sealed);
        assertThatThrownBy(() -> sealer.open("b", sealed)).isInstanceOf(IllegalStateException.class);
        sealed[sealed.length - 1] ^= 1;
        assertThatThrownBy(() -> sealer.open("a", sealed)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> sealer.open("a", new byte[3])).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void derivesAKeyForEachPurpose() throws Exception {
        Path file =
                Files.writeString(directory.resolve("key"), Base64.getEncoder().encodeToString(new byte[32]));
        Sealer sealer = Sealer.fromFile(file, new SecureRandom());

        assertThat(sealer.deriveKey("a"))
                .hasSize(32)
                .isEqualTo(Sealer.fromFile(file, new SecureRandom()).deriveKey("a"))
                .isNotEqualTo(sealer.deriveKey("b"));
    }
}
