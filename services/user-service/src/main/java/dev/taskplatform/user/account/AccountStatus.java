// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.kit.problem.InvalidValueException;
import java.util.Arrays;
import java.util.Locale;

/** Whether a person can sign in. */
public enum AccountStatus {
    ACTIVE,
    DISABLED;

    /** As it is in queries. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws InvalidValueException when it is none */
    public static AccountStatus of(String text) {
        return Arrays.stream(values())
                .filter(status -> status.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException("A status is active or disabled."));
    }
}
