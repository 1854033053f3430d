// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.kit.id.UuidGenerator;
import dev.taskplatform.user.password.Password;
import dev.taskplatform.user.password.PasswordHasher;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/** Registration, and who is who. */
public final class Accounts {
    private final AccountRepository repository;
    private final PasswordHasher hasher;
    private final UuidGenerator ids;
    private final Clock clock;

    /** Collaborators. */
    public Accounts(AccountRepository repository, PasswordHasher hasher, UuidGenerator ids, Clock clock) {
        this.repository = repository;
        this.hasher = hasher;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Makes an account.
     *
     * @return empty if the username is taken
     */
    public Optional<Account> register(Username username, Password password) {
        // Asked first for the sake of the hasher: a taken name must not cost a hash. The insert decides.
        if (repository.find(username).isPresent()) {
            return Optional.empty();
        }
        Account account = new Account(
                ids.next(), username, hasher.hash(password), clock.instant().truncatedTo(ChronoUnit.MICROS));
        return repository.add(account) ? Optional.of(account) : Optional.empty();
    }

    /** The account with this id. */
    public Optional<Account> find(UUID id) {
        return repository.find(id);
    }

    /**
     * The account, if there is one with this name and password. Takes the same time if there is not.
     *
     * @param username as typed; one that could not be registered belongs to nobody
     */
    public Optional<Account> authenticate(Optional<Username> username, Password password) {
        Optional<Account> account = username.flatMap(repository::find);
        boolean matches = hasher.matches(password, account.map(Account::passwordHash));
        return account.filter(found -> matches);
    }
}
