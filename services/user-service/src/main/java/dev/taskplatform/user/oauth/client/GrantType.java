// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.client;

import dev.taskplatform.kit.json.Choice;
import dev.taskplatform.kit.problem.InvalidValueException;
import java.util.Optional;

/** What a token can be had for, the value of {@code grant_type}; there is no grant for passwords (RFC 9700, section 2.4). */
public enum GrantType implements Choice {
    AUTHORIZATION_CODE,
    REFRESH_TOKEN,
    CLIENT_CREDENTIALS,
    /** RFC 7523; for clients that are known by a Kubernetes ServiceAccount, and cannot be registered. */
    JWT_BEARER {
        @Override
        public String text() {
            return "urn:ietf:params:oauth:grant-type:jwt-bearer";
        }
    };

    /** The grant with this name. */
    public static Optional<GrantType> find(String text) {
        return Choice.find(GrantType.class, text);
    }

    /** @throws InvalidValueException if a client cannot be registered for it */
    public static GrantType of(String text) {
        return find(text)
                .filter(type -> type != JWT_BEARER)
                .orElseThrow(() -> new InvalidValueException(
                        "A grant type is authorization_code, refresh_token or client_credentials."));
    }
}
