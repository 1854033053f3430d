// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import dev.taskplatform.kit.contract.ApiClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The administrator whom a service under test makes at its start. */
final class FirstAdministrator {
    static final String USERNAME = "chief";
    static final String PASSWORD = "tidy ocean lantern";

    private FirstAdministrator() {}

    /** Settings of a service that makes it. */
    static Map<String, String> settings() {
        return Map.of(
                "admin.bootstrap.username",
                USERNAME,
                "admin.bootstrap.password-file",
                file(PASSWORD + "\n").toString());
    }

    /** A file with this content, for as long as the tests run. */
    static Path file(String content) {
        try {
            Path file = Files.createTempFile("bootstrap-password", "");
            file.toFile().deleteOnExit();
            return Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An access token of it. */
    static String token(ApiClient client) {
        return client.post("/v1/sessions", ApiTest.credentials(USERNAME, PASSWORD))
                .send()
                .json()
                .get("access_token")
                .asText();
    }
}
