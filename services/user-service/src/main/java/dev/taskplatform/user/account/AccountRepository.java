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

    /**
     * Replaces an account, but for its id, username and date of creation, if it still has a version.
     *
     * @param changed with its next version
     * @return false if it has another version or is gone
     */
    boolean update(Account changed, long expectedVersion);

    /**
     * Keeps the same password under another hash. Nothing that anybody sees changes, so the version stays.
     *
     * @return false if the account has another hash by now or is gone
     */
    boolean replaceHash(UUID id, String oldHash, String newHash);

    /** The account with this id. */
    Optional<Account> find(UUID id);

    /** The account with this username, whatever its case. */
    Optional<Account> find(Username username);
}
