// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import io.helidon.config.Config;
import java.util.Arrays;
import java.util.Locale;

/**
 * Who may register.
 *
 * @param mode see {@link Mode}
 */
public record RegistrationSettings(Mode mode) {
    /**
     * The settings under {@code registration}.
     *
     * @throws IllegalArgumentException naming the setting that is wrong
     */
    public static RegistrationSettings from(Config config) {
        String text = config.get("mode").asString().get();
        return new RegistrationSettings(Arrays.stream(Mode.values())
                .filter(mode -> mode.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "registration.mode: must be open, invite or closed, but is " + text)));
    }

    /** Who may register. */
    public enum Mode {
        /** Anybody. */
        OPEN,
        /** Whoever has an invitation. */
        INVITE,
        /** Nobody: administrators make the accounts. */
        CLOSED
    }
}
