// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import java.util.Optional;
import java.util.UUID;

/**
 * Keeps accounts. Every method throws {@link dev.taskplatform.kit.database.DatabaseUnavailableException} while the
 * database is away.
 */
public interface AccountRepository {
    /**
     * Adds an account unless its username is taken; of several at once exactly one wins.
     *
     * @return false if the username is taken
     */
    boolean add(Account account);

    /** The account with this id. */
    Optional<Account> find(UUID id);

    /** The account with this username, whatever its case. */
    Optional<Account> find(Username username);
}
