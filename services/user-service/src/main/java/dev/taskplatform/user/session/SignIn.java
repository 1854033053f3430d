// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.session;

import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.user.account.Account;
import dev.taskplatform.user.account.Accounts;
import dev.taskplatform.user.audit.AuditEntry;
import dev.taskplatform.user.audit.AuditLog;
import dev.taskplatform.user.password.Password;
import dev.taskplatform.user.password.PasswordHasher;
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
 */
public final class SignIn {
    private final Accounts accounts;
    private final PasswordHasher hasher;
    private final SecondFactor secondFactor;
    private final AuditLog audit;
    private final Clock clock;

    /** Collaborators. */
    public SignIn(Accounts accounts, PasswordHasher hasher, SecondFactor secondFactor, AuditLog audit, Clock clock) {
        this.accounts = accounts;
        this.hasher = hasher;
        this.secondFactor = secondFactor;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Signs a person in. Not to be called in a transaction: it takes as long as a hash.
     *
     * @throws ProblemException one of {@link SignInProblems}, or 503 if too many passwords are being checked
     */
    public SignedIn attempt(SignInRequest request) {
        Optional<Account> found = request.username().flatMap(accounts::find);
        boolean right = hasher.matches(request.password(), found.map(Account::passwordHash));
        if (found.isEmpty() || !right) {
            throw failed(
                    found,
                    found.isEmpty() ? "unknown-username" : "wrong-password",
                    request.actor(),
                    SignInProblems.wrongCredentials());
        }
        Account account = found.get();
        if (account.disabledAt().isPresent()) {
            throw failed(found, "account-disabled", request.actor(), SignInProblems.accountDisabled());
        }
        boolean needsCode = secondFactor.isEnabled(account.id());
        if (needsCode) {
            String code = request.code().orElseThrow(SignInProblems::secondFactorRequired);
            if (!secondFactor.accept(account.id(), code, request.actor().as(account.id()))) {
                throw failed(found, "wrong-code", request.actor(), SignInProblems.wrongCode());
            }
        }
        accounts.renewHash(account, request.password());
        audit.record(new AuditEntry(
                "sign-in.succeeded", account.id(), request.actor().as(account.id())));
        return new SignedIn(account, needsCode ? SignedIn.PASSWORD_AND_CODE : SignedIn.PASSWORD, clock.instant());
    }

    /**
     * Makes sure that it is the person who asks for what their session alone is not enough for. Not to be called in a
     * transaction.
     *
     * @param code of the second factor, or a recovery code; needed if the account has a second factor
     * @throws ProblemException 403 {@link SignInProblems#NOT_CONFIRMED}, or 503 if too many passwords are being checked
     */
    public void confirm(Account account, Password password, Optional<String> code, Actor actor) {
        if (!hasher.matches(password, Optional.of(account.passwordHash()))) {
            throw failed(Optional.of(account), "wrong-password", actor, SignInProblems.notConfirmed());
        }
        if (secondFactor.isEnabled(account.id())) {
            String given = code.orElseThrow(SignInProblems::notConfirmed);
            if (!secondFactor.accept(account.id(), given, actor)) {
                throw failed(Optional.of(account), "wrong-code", actor, SignInProblems.notConfirmed());
            }
        }
    }

    /** What was typed as the username is not kept: people type their password there. */
    private ProblemException failed(Optional<Account> account, String reason, Actor actor, ProblemException problem) {
        UUID userId = account.map(Account::id).orElse(null);
        audit.record(new AuditEntry("sign-in.failed", userId, actor, Map.of("reason", reason)));
        return problem;
    }
}
