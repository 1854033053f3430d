// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.token;

import io.helidon.config.Config;

/**
 * Whom every access token is from and for.
 *
 * @param issuer {@code iss}
 * @param audience {@code aud}
 */
public record TokenParties(String issuer, String audience) {

    /** @throws IllegalArgumentException naming the setting that is wrong */
    public TokenParties {
        if (issuer.isBlank()) {
            throw new IllegalArgumentException("issuer: must not be empty; give the URL of this service");
        }
        if (audience.isBlank()) {
            throw new IllegalArgumentException("audience: must not be empty");
        }
    }

    /**
     * @param config the root
     * @throws IllegalArgumentException naming the setting that is wrong
     * @throws io.helidon.config.ConfigException naming the setting that is missing
     */
    public static TokenParties from(Config config) {
        return new TokenParties(
                config.get("issuer").asString().get(),
                config.get("audience").asString().get());
    }
}
