// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.session;

import dev.taskplatform.user.account.Account;
import java.time.Instant;
import java.util.Set;

/**
 * A person who has just proved who they are.
 *
 * @param account as it was found
 * @param methods how, as in {@code amr} (RFC 8176): {@code pwd}, and with a second factor {@code otp} and {@code mfa}
 * @param at when
 */
public record SignedIn(Account account, Set<String> methods, Instant at) {
    static final Set<String> PASSWORD = Set.of("pwd");
    static final Set<String> PASSWORD_AND_CODE = Set.of("pwd", "otp", "mfa");
}
