// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A change of some fields of an account; what is empty stays as it is.
 *
 * @param roles all that it has then
 */
public record AccountPatch(
        PatchField<String> displayName,
        PatchField<String> email,
        Optional<Set<Role>> roles,
        Optional<Boolean> disabled) {
    /** A change of what people tell of themselves. */
    public static AccountPatch ofProfile(PatchField<String> displayName, PatchField<String> email) {
        return new AccountPatch(displayName, email, Optional.empty(), Optional.empty());
    }

    /** The account as it is then, with the version that it has now. */
    Account applyTo(Account account, Instant now) {
        Optional<Instant> disabledAt = disabled.map(
                        value -> value ? Optional.of(account.disabledAt().orElse(now)) : Optional.<Instant>empty())
                .orElse(account.disabledAt());
        return new Account(
                account.id(),
                account.username(),
                account.passwordHash(),
                displayName.after(account.displayName()),
                email.after(account.email()),
                roles.orElse(account.roles()),
                disabledAt,
                account.passwordChangedAt(),
                account.version(),
                account.createdAt(),
                account.updatedAt());
    }
}
