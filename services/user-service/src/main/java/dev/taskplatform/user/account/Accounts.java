// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.user.password.Password;
import dev.taskplatform.user.password.PasswordHasher;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Who is who. */
public final class Accounts {
    private final AccountRepository repository;
    private final PasswordHasher hasher;

    /** Collaborators. */
    public Accounts(AccountRepository repository, PasswordHasher hasher) {
        this.repository = repository;
        this.hasher = hasher;
    }

    /** The account with this id. */
    public Optional<Account> find(UUID id) {
        return repository.find(id);
    }

    /** The account with this username, whatever its case. */
    public Optional<Account> find(Username username) {
        return repository.find(username);
    }

    /** As {@link AccountRepository#findAll}. */
    public List<Account> findAll(Set<UUID> ids, Set<Username> usernames) {
        return repository.findAll(ids, usernames);
    }

    /** As {@link AccountRepository#list}. */
    public List<Account> list(AccountFilter filter, Optional<AccountPosition> after, int limit) {
        return repository.list(filter, after, limit);
    }

    /**
     * Hashes a password anew if its hash has old parameters, and the hash is still the one that was compared with: the
     * password may have been changed meanwhile.
     *
     * @param account as it was found
     * @param password found to be right
     */
    public void renewHash(Account account, Password password) {
        String old = account.passwordHash();
        hasher.rehash(password, old).ifPresent(renewed -> repository.replaceHash(account.id(), old, renewed));
    }
}
