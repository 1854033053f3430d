// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.user.audit.AuditEntry;
import dev.taskplatform.user.audit.AuditLog;
import dev.taskplatform.user.password.Password;
import dev.taskplatform.user.password.PasswordHasher;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/** Lets people change their passwords. */
public final class PasswordChanges {
    private final AccountRepository accounts;
    private final Reauthentication reauthentication;
    private final PasswordHasher hasher;
    private final SessionEnder sessions;
    private final Transactions transactions;
    private final AuditLog audit;
    private final Clock clock;

    /** Collaborators. */
    public PasswordChanges(
            AccountRepository accounts,
            Reauthentication reauthentication,
            PasswordHasher hasher,
            SessionEnder sessions,
            Transactions transactions,
            AuditLog audit,
            Clock clock) {
        this.accounts = accounts;
        this.reauthentication = reauthentication;
        this.hasher = hasher;
        this.sessions = sessions;
        this.transactions = transactions;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Replaces a password, and ends all sessions but one: whoever knew the old one is out.
     *
     * @param session stays; none if empty
     * @param code of the second factor, for accounts that have one
     * @return false if there is no such account
     * @throws dev.taskplatform.kit.problem.ProblemException if the current password is another one, or was when this was
     *     about to replace it
     */
    public boolean change(
            UUID id, Optional<UUID> session, Password current, Optional<String> code, Password next, Actor actor) {
        Optional<Account> account = accounts.find(id);
        if (account.isEmpty()) {
            return false;
        }
        reauthentication.require(account.get(), current, code, actor);
        String hash = hasher.hash(next);
        while (account.isPresent()) {
            Account known = account.get();
            Account changed = known.withPassword(hash, clock.instant().truncatedTo(ChronoUnit.MICROS));
            if (transactions.inTransaction(() -> replace(known, changed, session, actor))) {
                return true;
            }
            // Somebody else changed the account since it was read. If it was the password, the current one is wrong
            // now.
            account = accounts.find(id);
            if (account.filter(now -> !now.passwordChangedAt().equals(known.passwordChangedAt()))
                    .isPresent()) {
                reauthentication.require(account.get(), current, code, actor);
            }
        }
        return false;
    }

    private boolean replace(Account known, Account changed, Optional<UUID> session, Actor actor) {
        if (!accounts.update(changed, known.version())) {
            return false;
        }
        audit.record(new AuditEntry("password.changed", changed.id(), actor));
        sessions.endAll(changed.id(), session, "password-changed", actor);
        return true;
    }
}
