// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.user.audit.AuditEntry;
import dev.taskplatform.user.audit.AuditLog;
import dev.taskplatform.user.event.EventOutbox;
import dev.taskplatform.user.event.UserEvent;
import dev.taskplatform.user.event.UserEvent.Type;
import dev.taskplatform.user.throttle.Throttle;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Changes of accounts, by their owners and by administrators, with all that follows from them. */
public final class AccountChanges {
    private final AccountRepository accounts;
    private final Administrators administrators;
    private final SessionEnder sessions;
    private final Throttle throttle;
    private final Transactions transactions;
    private final AuditLog audit;
    private final EventOutbox outbox;
    private final Clock clock;

    /** Collaborators. */
    public AccountChanges(
            AccountRepository accounts,
            Administrators administrators,
            SessionEnder sessions,
            Throttle throttle,
            Transactions transactions,
            AuditLog audit,
            EventOutbox outbox,
            Clock clock) {
        this.accounts = accounts;
        this.administrators = administrators;
        this.sessions = sessions;
        this.throttle = throttle;
        this.transactions = transactions;
        this.audit = audit;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * Changes an account in one step: of two changes at a time neither is lost, and of two with the same version only one
     * succeeds. One that is disabled by it is signed out everywhere.
     *
     * @param versions the change is for these; for any when empty
     * @return the account as it is now; empty when there is none
     * @throws VersionMismatchException when the account has another version
     * @throws LastAdministratorException when nobody would be left to administer the platform
     */
    public Optional<Account> change(UUID id, AccountPatch patch, Optional<Set<Long>> versions, Actor actor) {
        Optional<Account> before = accounts.find(id);
        while (before.isPresent()) {
            Account current = before.get();
            if (versions.isPresent() && !versions.get().contains(current.version())) {
                throw new VersionMismatchException();
            }
            Optional<Account> after = transactions.inTransaction(() -> change(current, patch, actor));
            if (after.isPresent()) {
                return after;
            }
            // Somebody else changed it since it was read.
            before = accounts.find(id);
        }
        return Optional.empty();
    }

    /**
     * Ends all sessions of an account.
     *
     * @return false if there is no such account
     */
    public boolean signOut(UUID id, Actor actor) {
        return transactions.inTransaction(() -> {
            if (accounts.find(id).isEmpty()) {
                return false;
            }
            sessions.endAll(id, Optional.empty(), "ended-by-administrator", actor);
            return true;
        });
    }

    /**
     * Lets a person try to sign in again who has failed too often.
     *
     * @return false if there is no such account
     */
    public boolean unlock(UUID id, Actor actor) {
        return transactions.inTransaction(() -> {
            Optional<Account> account = accounts.find(id);
            account.filter(locked -> throttle.unlock(locked.username().key()))
                    .ifPresent(unlocked -> audit.record(new AuditEntry("account.unlocked", id, actor)));
            return account.isPresent();
        });
    }

    /** @return empty when the account is not what it was */
    private Optional<Account> change(Account before, AccountPatch patch, Actor actor) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Account patched = patch.applyTo(before, now);
        if (patched.equals(before)) {
            return Optional.of(before);
        }
        Account after = patched.next(now);
        if (Administrators.isActive(before) && !Administrators.isActive(after)) {
            administrators.requireAnother(before.id());
        }
        if (!accounts.update(after, before.version())) {
            return Optional.empty();
        }
        recordProfile(before, after, actor);
        recordRoles(before, after, actor);
        recordDisabled(before, after, actor);
        return Optional.of(after);
    }

    /** Which fields, not what is in them: the log is kept longer than a person may want to be known by it. */
    private void recordProfile(Account before, Account after, Actor actor) {
        String fields = Stream.of(
                        before.displayName().equals(after.displayName()) ? "" : "displayName",
                        before.email().equals(after.email()) ? "" : "email")
                .filter(name -> !name.isEmpty())
                .collect(Collectors.joining(" "));
        if (!fields.isEmpty()) {
            audit.record(new AuditEntry("account.updated", after.id(), actor, Map.of("fields", fields)));
        }
    }

    private void recordRoles(Account before, Account after, Actor actor) {
        if (!before.roles().equals(after.roles())) {
            Map<String, String> details = Map.of("from", Role.join(before.roles()), "to", Role.join(after.roles()));
            audit.record(new AuditEntry("account.roles-changed", after.id(), actor, details));
        }
    }

    private void recordDisabled(Account before, Account after, Actor actor) {
        if (after.isDisabled() && !before.isDisabled()) {
            audit.record(new AuditEntry("account.disabled", after.id(), actor));
            sessions.endAll(after.id(), Optional.empty(), "account-disabled", actor);
            outbox.append(UserEvent.ofAccount(Type.USER_DISABLED, after.id()));
        } else if (before.isDisabled() && !after.isDisabled()) {
            audit.record(new AuditEntry("account.enabled", after.id(), actor));
            outbox.append(UserEvent.ofAccount(Type.USER_ENABLED, after.id()));
        }
    }
}
