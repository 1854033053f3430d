// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import dev.taskplatform.kit.process.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Starts the service as a process, with cheap passwords. */
final class UserServiceProcess {
    private UserServiceProcess() {}

    /**
     * Starts it.
     *
     * @param directory of the test, for the encryption key
     * @param more environment variables
     */
    static ServiceProcess start(Path directory, Map<String, String> more) throws IOException {
        Path key = directory.resolve("encryption-key");
        if (Files.notExists(key)) {
            Files.writeString(key, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
        }
        Map<String, String> settings = new HashMap<>(Map.of(
                "KEYS_ENCRYPTION_dash_KEY_dash_FILE", key.toString(),
                "PASSWORD_ARGON2_MEMORY_dash_KIB", "64",
                "PASSWORD_ARGON2_ITERATIONS", "1",
                "RATE_REQUESTS_dash_PER_dash_SECOND", "0"));
        settings.putAll(more);
        return ServiceProcess.start(Main.class, settings);
    }
}
