// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.password;

import io.helidon.config.Config;

/**
 * Settings under {@code password} for what may be chosen.
 *
 * @param minLength in code points ({@code password.min-length}). NIST SP 800-63B-4, section 3.1.1.2: at least 8 beside
 *     another factor, 15 where the password is the only one
 */
public record PasswordSettings(int minLength) {
    /** @throws IllegalArgumentException if nobody could choose a password */
    public PasswordSettings {
        if (minLength < 1 || minLength > PasswordPolicy.MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "password.min-length: must be 1 to %d, but is %d".formatted(PasswordPolicy.MAX_LENGTH, minLength));
        }
    }

    /** @param config the node {@code password} */
    public static PasswordSettings from(Config config) {
        return new PasswordSettings(config.get("min-length").asInt().get());
    }
}
