// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import java.util.Optional;

/**
 * Which accounts a list has; all when everything is empty.
 *
 * @param prefix of the username or the display name, {@linkplain #prefix folded}
 */
public record AccountFilter(Optional<String> prefix, Optional<AccountStatus> status, Optional<Role> role) {
    /** Text to search for, as names are searched by: without regard to case and compatibility forms. */
    public static String prefix(String text) {
        return Lookalikes.fold(text);
    }

    /** Names the list, to tell its cursors from those of others. */
    String name() {
        return "users " + status.map(AccountStatus::text).orElse("") + " "
                + role.map(Role::text).orElse("") + " " + prefix.orElse("");
    }
}
