// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.token;

import io.helidon.config.Config;
import java.time.Duration;

/**
 * How long signed tokens live: from {@code iat} to {@code exp}; whole seconds count.
 *
 * @param accessLifetime of access tokens
 * @param idLifetime of ID tokens
 */
public record TokenSettings(Duration accessLifetime, Duration idLifetime) {
    private static final Duration MAX_LIFETIME = Duration.ofHours(24);

    /** @throws IllegalArgumentException naming the setting that is wrong */
    public TokenSettings {
        check("token.access-lifetime", accessLifetime);
        check("token.id-lifetime", idLifetime);
    }

    /**
     * @param config the node {@code token}
     * @throws IllegalArgumentException naming the setting that is wrong
     * @throws io.helidon.config.ConfigException naming the setting that is missing or of another type
     */
    public static TokenSettings from(Config config) {
        return new TokenSettings(
                config.get("access-lifetime").as(Duration.class).get(),
                config.get("id-lifetime").as(Duration.class).get());
    }

    /** Of those tokens that live longest. */
    public Duration longestLifetime() {
        return accessLifetime.compareTo(idLifetime) < 0 ? idLifetime : accessLifetime;
    }

    private static void check(String setting, Duration lifetime) {
        if (lifetime.toSeconds() < 1 || lifetime.compareTo(MAX_LIFETIME) > 0) {
            throw new IllegalArgumentException(
                    "%s: must be PT1S to %s, but is %s".formatted(setting, MAX_LIFETIME, lifetime));
        }
    }
}
