// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.session;

import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.kit.http.ClientAddress;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.user.account.Account;
import dev.taskplatform.user.account.Accounts;
import dev.taskplatform.user.account.Username;
import dev.taskplatform.user.audit.AuditEntry;
import dev.taskplatform.user.audit.AuditLog;
import dev.taskplatform.user.password.Password;
import dev.taskplatform.user.password.PasswordHasher;
import dev.taskplatform.user.throttle.Attempt;
import dev.taskplatform.user.throttle.Throttle;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The only place where persons prove who they are: with the password and, if they have one, the second factor.
 *
 * <p>Nobody learns more of an account than they have proved to know of it: an unknown username and a wrong password get
 * the same answer in the same time; that the account is disabled or has a second factor is told only after the right
 * password.
 *
 * <p>What is wrong counts in the {@link Throttle}, codes as passwords do. The failures of a name are forgotten only once
 * all was right: who has the password must not get another ten codes to guess by leaving the code out in between.
 */
public final class SignIn {
    private final Accounts accounts;
    private final PasswordHasher hasher;
    private final SecondFactor secondFactor;
    private final Throttle throttle;
    private final Transactions transactions;
    private final AuditLog audit;
    private final Clock clock;

    /** Collaborators. */
    public SignIn(
            Accounts accounts,
            PasswordHasher hasher,
            SecondFactor secondFactor,
            Throttle throttle,
            Transactions transactions,
            AuditLog audit,
            Clock clock) {
        this.accounts = accounts;
        this.hasher = hasher;
        this.secondFactor = secondFactor;
        this.throttle = throttle;
        this.transactions = transactions;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Signs a person in. Not to be called in a transaction: it takes as long as a hash.
     *
     * @throws ProblemException one of {@link SignInProblems}; 429 after too many failures; 503 if too many passwords are
     *     being checked
     */
    public SignedIn attempt(SignInRequest request) {
        Actor actor = request.actor();
        Optional<Username> username = request.username();
        Optional<Account> found = username.flatMap(accounts::find);
        Attempt attempt = begin(username.map(Username::key).orElse(request.typedUsername()), actor);
        if (!matches(request.password(), found, attempt) || found.isEmpty()) {
            fail(attempt, found, found.isEmpty() ? "unknown-username" : "wrong-password", actor);
            throw SignInProblems.wrongCredentials();
        }
        Account account = found.get();
        Actor person = actor.as(account.id());
        if (account.disabledAt().isPresent()) {
            attempt.cancelled();
            audit.record(new AuditEntry("sign-in.failed", account.id(), person, Map.of("reason", "account-disabled")));
            throw SignInProblems.accountDisabled();
        }
        boolean needsCode = secondFactor.isEnabled(account.id());
        if (needsCode) {
            if (request.code().isEmpty()) {
                attempt.cancelled();
                throw SignInProblems.secondFactorRequired();
            }
            if (!secondFactor.accept(account.id(), request.code().get(), person)) {
                fail(attempt, found, "wrong-code", actor);
                throw SignInProblems.wrongCode();
            }
        }
        accounts.renewHash(account, request.password());
        transactions.inTransaction(() -> {
            audit.record(new AuditEntry("sign-in.succeeded", account.id(), person));
            attempt.succeeded();
            return account;
        });
        return new SignedIn(account, needsCode ? SignedIn.PASSWORD_AND_CODE : SignedIn.PASSWORD, clock.instant());
    }

    /**
     * Makes sure that it is the person who asks for what their session alone is not enough for. Not to be called in a
     * transaction.
     *
     * @param code of the second factor, or a recovery code; needed if the account has a second factor
     * @throws ProblemException 403 {@link SignInProblems#NOT_CONFIRMED}; 429 and 503 as {@link #attempt} does
     */
    public void confirm(Account account, Password password, Optional<String> code, Actor actor) {
        Attempt attempt = begin(account.username().key(), actor);
        Optional<Account> of = Optional.of(account);
        if (!matches(password, of, attempt)) {
            fail(attempt, of, "wrong-password", actor);
            throw SignInProblems.notConfirmed();
        }
        if (secondFactor.isEnabled(account.id())) {
            if (code.isEmpty()) {
                attempt.cancelled();
                throw SignInProblems.notConfirmed();
            }
            if (!secondFactor.accept(account.id(), code.get(), actor)) {
                fail(attempt, of, "wrong-code", actor);
                throw SignInProblems.notConfirmed();
            }
        }
        attempt.succeeded();
    }

    private Attempt begin(String usernameKey, Actor actor) {
        return throttle.begin(usernameKey, ClientAddress.parse(actor.address()));
    }

    private boolean matches(Password password, Optional<Account> account, Attempt attempt) {
        try {
            return hasher.matches(password, account.map(Account::passwordHash));
        } catch (ProblemException e) {
            attempt.cancelled();
            throw e;
        }
    }

    /** What was typed as the username is not kept: people type their password there. */
    private void fail(Attempt attempt, Optional<Account> account, String reason, Actor actor) {
        UUID userId = account.map(Account::id).orElse(null);
        transactions.inTransaction(() -> {
            audit.record(new AuditEntry("sign-in.failed", userId, actor, Map.of("reason", reason)));
            boolean locked = attempt.failed();
            if (locked && userId != null) {
                audit.record(new AuditEntry("account.locked", userId, actor));
            }
            return locked;
        });
    }
}
