// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.kit.id.UuidGenerator;
import dev.taskplatform.user.audit.AuditEntry;
import dev.taskplatform.user.audit.AuditLog;
import dev.taskplatform.user.password.Password;
import dev.taskplatform.user.password.PasswordHasher;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Registration, and who is who. */
public final class Accounts {
    private final AccountRepository repository;
    private final PasswordHasher hasher;
    private final Transactions transactions;
    private final AuditLog audit;
    private final UuidGenerator ids;
    private final Clock clock;

    /** Collaborators. */
    public Accounts(
            AccountRepository repository,
            PasswordHasher hasher,
            Transactions transactions,
            AuditLog audit,
            UuidGenerator ids,
            Clock clock) {
        this.repository = repository;
        this.hasher = hasher;
        this.transactions = transactions;
        this.audit = audit;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Makes an account.
     *
     * @param actor who asks for it
     * @return empty if the username is taken
     */
    public Optional<Account> register(Username username, Password password, Actor actor) {
        // Asked first for the sake of the hasher: a taken name must not cost a hash. The insert decides.
        if (repository.find(username).isPresent()) {
            return Optional.empty();
        }
        String hash = hasher.hash(password);
        Account account = Account.registered(
                ids.next(), username, hash, Set.of(Role.USER), clock.instant().truncatedTo(ChronoUnit.MICROS));
        boolean added = transactions.inTransaction(() -> {
            if (!repository.add(account)) {
                return false;
            }
            audit.record(new AuditEntry("account.registered", account.id(), actor));
            return true;
        });
        return added ? Optional.of(account) : Optional.empty();
    }

    /** The account with this id. */
    public Optional<Account> find(UUID id) {
        return repository.find(id);
    }

    /** The account with this username, whatever its case. */
    public Optional<Account> find(Username username) {
        return repository.find(username);
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
