// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import java.nio.charset.StandardCharsets;

/**
 * A place in a list of accounts.
 *
 * @param byDisplayName whether it is among those that were found by their display name, which come last
 * @param displayNameKey empty unless it is
 * @param usernameKey of the account there
 */
public record AccountPosition(boolean byDisplayName, String displayNameKey, String usernameKey) {
    /** No name has it. */
    private static final String SEPARATOR = "\0";

    /** The place of an account in a list that it is in. */
    static AccountPosition of(Account account, AccountFilter filter) {
        String usernameKey = account.username().key();
        boolean byUsername = filter.prefix().isEmpty()
                || usernameKey.startsWith(filter.prefix().get());
        return byUsername
                ? new AccountPosition(false, "", usernameKey)
                : new AccountPosition(
                        true, account.displayName().map(Lookalikes::fold).orElse(""), usernameKey);
    }

    /** What {@link #toBytes} made. */
    static AccountPosition from(byte[] bytes) {
        String[] keys = new String(bytes, StandardCharsets.UTF_8).split(SEPARATOR, 2);
        return keys.length == 1 ? new AccountPosition(false, "", keys[0]) : new AccountPosition(true, keys[0], keys[1]);
    }

    byte[] toBytes() {
        String text = byDisplayName ? displayNameKey + SEPARATOR + usernameKey : usernameKey;
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
