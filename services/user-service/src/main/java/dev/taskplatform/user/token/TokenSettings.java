// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.token;

import java.time.Duration;

/**
 * What every access token says.
 *
 * @param issuer {@code iss}
 * @param audience {@code aud}
 * @param lifetime from {@code iat} to {@code exp}; whole seconds count
 */
public record TokenSettings(String issuer, String audience, Duration lifetime) {
    private static final Duration MAX_LIFETIME = Duration.ofHours(24);

    /** @throws IllegalArgumentException naming the setting that is wrong */
    public TokenSettings {
        if (issuer.isBlank()) {
            throw new IllegalArgumentException("issuer: must not be empty; give the URL of this service");
        }
        if (audience.isBlank()) {
            throw new IllegalArgumentException("audience: must not be empty");
        }
        if (lifetime.toSeconds() < 1 || lifetime.compareTo(MAX_LIFETIME) > 0) {
            throw new IllegalArgumentException(
                    "token.access-lifetime: must be PT1S to %s, but is %s".formatted(MAX_LIFETIME, lifetime));
        }
    }
}
