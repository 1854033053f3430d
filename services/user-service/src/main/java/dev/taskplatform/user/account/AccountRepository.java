// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Keeps accounts. Every method throws {@link dev.taskplatform.kit.database.DatabaseUnavailableException} while the
 * database is away.
 */
public interface AccountRepository {
    /**
     * Adds an account unless its username {@linkplain #isTaken is taken}; of several at once exactly one wins.
     *
     * @return false if the username is taken
     */
    boolean add(Account account);

    /**
     * Whether nobody can get a username: somebody has it, or one that looks like it, or had it and is being deleted.
     */
    boolean isTaken(Username username);

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

    /**
     * Removes an account and all that belongs to it, if it still has a version. Its username can be had again at once,
     * unless a {@link Deletion} keeps it.
     *
     * @return false if it has another version or is gone
     */
    boolean remove(UUID id, long expectedVersion);

    /** The account with this id. */
    Optional<Account> find(UUID id);

    /** The account with this username, whatever its case. */
    Optional<Account> find(Username username);

    /** The accounts with one of these ids or usernames, in the order of their usernames. */
    List<Account> findAll(Set<UUID> ids, Set<Username> usernames);

    /**
     * A part of the accounts in the order of their usernames. Where a prefix is looked for, those whose username begins
     * with it come first, and then, in the order of the display names, those of which only the display name does.
     *
     * @param after only those after this place
     * @param limit at most so many
     */
    List<Account> list(AccountFilter filter, Optional<AccountPosition> after, int limit);

    /**
     * Lets one transaction at a time go on; the others wait for its end. For what is true only if others do not change
     * it meanwhile.
     */
    void lock();

    /** Whether there is an administrator, disabled or not. */
    boolean hasAdministrator();

    /** Whether an administrator other than this one can sign in. */
    boolean hasActiveAdministratorBeside(UUID id);

    /**
     * Stores what usernames look like for accounts that came before that was stored. Of several that look alike the first
     * keeps the others' look taken.
     *
     * @param limit at most so many accounts
     * @return how many
     */
    int fillSkeletons(int limit);
}
