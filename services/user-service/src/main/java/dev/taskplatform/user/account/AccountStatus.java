// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.kit.json.Choice;
import dev.taskplatform.kit.problem.InvalidValueException;

/** Whether a person can sign in. */
public enum AccountStatus implements Choice {
    ACTIVE,
    DISABLED;

    /** @throws InvalidValueException when it is none */
    public static AccountStatus of(String text) {
        return Choice.of(AccountStatus.class, "A status", text);
    }
}
