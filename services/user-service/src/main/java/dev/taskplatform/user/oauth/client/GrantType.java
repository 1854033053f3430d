// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.client;

import dev.taskplatform.kit.problem.InvalidValueException;
import java.util.Arrays;
import java.util.Optional;

/** What a token can be had for; there is no grant for passwords (RFC 9700, section 2.4). */
public enum GrantType {
    AUTHORIZATION_CODE("authorization_code"),
    REFRESH_TOKEN("refresh_token"),
    CLIENT_CREDENTIALS("client_credentials"),
    /** RFC 7523; for clients that are known by a Kubernetes ServiceAccount, and cannot be registered. */
    JWT_BEARER("urn:ietf:params:oauth:grant-type:jwt-bearer");

    private final String text;

    GrantType(String text) {
        this.text = text;
    }

    /** The value of {@code grant_type}. */
    public String text() {
        return text;
    }

    /** The grant with this name. */
    public static Optional<GrantType> find(String text) {
        return Arrays.stream(values()).filter(type -> type.text.equals(text)).findFirst();
    }

    /** @throws InvalidValueException if a client cannot be registered for it */
    public static GrantType of(String text) {
        return find(text)
                .filter(type -> type != JWT_BEARER)
                .orElseThrow(() -> new InvalidValueException(
                        "A grant type is authorization_code, refresh_token or client_credentials."));
    }
}
