// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.user.audit.AuditEntry;
import dev.taskplatform.user.audit.AuditLog;
import dev.taskplatform.user.event.EventOutbox;
import dev.taskplatform.user.event.UserEvent;
import dev.taskplatform.user.event.UserEvent.Type;
import dev.taskplatform.user.password.Password;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Deletes accounts, over all services: the account goes at once, with all that this service has of it; other services
 * learn of it by the event {@code user.deleted} and acknowledge when they are done. Until then the username stays taken,
 * so that nobody gets what was its owner's. A service that is away for long delays the end, which nothing else does.
 */
public final class Deletions {
    private static final int SETTLED_AT_ONCE = 500;

    private final DeletionRepository repository;
    private final AccountRepository accounts;
    private final Administrators administrators;
    private final Reauthentication reauthentication;
    private final SessionEnder sessions;
    private final Transactions transactions;
    private final AuditLog audit;
    private final EventOutbox outbox;
    private final DeletionSettings settings;
    private final Clock clock;

    /** Collaborators. */
    public Deletions(
            DeletionRepository repository,
            AccountRepository accounts,
            Administrators administrators,
            Reauthentication reauthentication,
            SessionEnder sessions,
            Transactions transactions,
            AuditLog audit,
            EventOutbox outbox,
            DeletionSettings settings,
            Clock clock) {
        this.repository = repository;
        this.accounts = accounts;
        this.administrators = administrators;
        this.reauthentication = reauthentication;
        this.sessions = sessions;
        this.transactions = transactions;
        this.audit = audit;
        this.outbox = outbox;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Deletes the account of the person who asks for it.
     *
     * @param code of the second factor, for accounts that have one
     * @return empty if there is no such account
     * @throws dev.taskplatform.kit.problem.ProblemException if the password is another one
     * @throws LastAdministratorException when nobody would be left to administer the platform
     */
    public Optional<Deletion> deleteOwn(UUID userId, Password password, Optional<String> code, Actor actor) {
        Optional<Account> account = accounts.find(userId);
        account.ifPresent(found -> reauthentication.require(found, password, code, actor));
        return account.flatMap(found -> delete(userId, Optional.empty(), actor));
    }

    /**
     * Deletes an account.
     *
     * @param versions only if it has one of these; any when empty
     * @param actor the administrator
     * @return empty if there is no such account
     * @throws VersionMismatchException when the account has another version
     * @throws LastAdministratorException when nobody would be left to administer the platform
     */
    public Optional<Deletion> delete(UUID userId, Optional<Set<Long>> versions, Actor actor) {
        for (Optional<Account> account = accounts.find(userId); account.isPresent(); account = accounts.find(userId)) {
            Account known = account.get();
            if (versions.isPresent() && !versions.get().contains(known.version())) {
                throw new VersionMismatchException();
            }
            Optional<Deletion> deletion = transactions.inTransaction(() -> remove(known, actor));
            if (deletion.isPresent()) {
                return deletion;
            }
            // Somebody else changed the account since it was read.
        }
        return Optional.empty();
    }

    /** The deletion with this id. */
    public Optional<Deletion> find(UUID id) {
        return repository.find(id);
    }

    /** As {@link DeletionRepository#list}. */
    public List<Deletion> list(Optional<Deletion.State> state, Optional<UUID> after, int limit) {
        return repository.list(state, after, limit);
    }

    /**
     * Takes the word of a service that it has deleted what it had; a repeat changes nothing.
     *
     * @param consumer client id of the service
     * @return false if there is no such deletion
     */
    public boolean acknowledge(UUID id, String consumer) {
        return transactions.inTransaction(() -> {
            if (!repository.acknowledge(id, consumer, now())) {
                return false;
            }
            repository.completeIfAcknowledged(id, settings.consumers(), now());
            return true;
        });
    }

    /** Completes the deletions that wait only for services which need not acknowledge any more. */
    public void settle() {
        Optional<UUID> last = Optional.empty();
        List<Deletion> pending;
        do {
            pending = repository.list(Optional.of(Deletion.State.PENDING), last, SETTLED_AT_ONCE);
            pending.forEach(deletion -> repository.completeIfAcknowledged(deletion.id(), settings.consumers(), now()));
            last = pending.isEmpty() ? last : Optional.of(pending.getLast().id());
        } while (pending.size() == SETTLED_AT_ONCE);
    }

    /** @return empty when the account is not what it was */
    private Optional<Deletion> remove(Account account, Actor actor) {
        if (Administrators.isActive(account)) {
            administrators.requireAnother(account.id());
        }
        Account claimed = account.next(now());
        if (!accounts.update(claimed, account.version())) {
            return Optional.empty();
        }
        // While there is an account to which they belong.
        sessions.endAll(claimed.id(), Optional.empty(), "account-deleted", actor);
        accounts.remove(claimed.id(), claimed.version());
        audit.record(new AuditEntry("account.deleted", account.id(), actor));
        UUID event = outbox.append(UserEvent.ofAccount(Type.USER_DELETED, account.id()));
        Deletion deletion = new Deletion(event, account.id(), now(), Optional.empty());
        repository.add(deletion, account.username());
        repository.completeIfAcknowledged(deletion.id(), settings.consumers(), now());
        return repository.find(deletion.id());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
