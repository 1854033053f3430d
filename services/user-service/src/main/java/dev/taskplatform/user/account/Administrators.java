// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import java.util.UUID;

/** Sees to it that there is always somebody who can administer the platform. */
public final class Administrators {
    private final AccountRepository accounts;

    /** Collaborators. */
    public Administrators(AccountRepository accounts) {
        this.accounts = accounts;
    }

    /** Whether a person can sign in and administer the platform. */
    static boolean isActive(Account account) {
        return account.roles().contains(Role.ADMIN) && !account.isDisabled();
    }

    /**
     * Whether a person can administer the platform now. An access token says so for as long as it is valid, though the
     * person may have been disabled meanwhile.
     */
    public boolean isActive(UUID id) {
        return accounts.find(id).filter(Administrators::isActive).isPresent();
    }

    /**
     * Returns, in the transaction that takes an administrator away, if there is another one; then no other transaction
     * takes that one away before this one has ended.
     *
     * @throws LastAdministratorException if there is none
     */
    void requireAnother(UUID leaving) {
        accounts.lock();
        if (!accounts.hasActiveAdministratorBeside(leaving)) {
            throw new LastAdministratorException();
        }
    }
}
