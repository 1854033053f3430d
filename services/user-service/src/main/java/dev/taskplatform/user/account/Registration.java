// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.kit.id.UuidGenerator;
import dev.taskplatform.user.account.RegistrationRefusedException.Reason;
import dev.taskplatform.user.account.RegistrationSettings.Mode;
import dev.taskplatform.user.audit.AuditEntry;
import dev.taskplatform.user.audit.AuditLog;
import dev.taskplatform.user.password.Password;
import dev.taskplatform.user.password.PasswordHasher;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** Makes accounts: people for themselves, administrators for others. */
public final class Registration {
    private static final int SKELETONS_AT_ONCE = 500;

    private final Supplier<RegistrationSettings> settings;
    private final AccountRepository accounts;
    private final InvitationRepository invitations;
    private final PasswordHasher hasher;
    private final Transactions transactions;
    private final AuditLog audit;
    private final UuidGenerator ids;
    private final Clock clock;

    /** @param settings may change at any time */
    public Registration(
            Supplier<RegistrationSettings> settings,
            AccountRepository accounts,
            InvitationRepository invitations,
            PasswordHasher hasher,
            Transactions transactions,
            AuditLog audit,
            UuidGenerator ids,
            Clock clock) {
        this.settings = settings;
        this.accounts = accounts;
        this.invitations = invitations;
        this.hasher = hasher;
        this.transactions = transactions;
        this.audit = audit;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Makes an account for whoever asks.
     *
     * @param token of an invitation; used up if the account is made, and only then
     * @param actor who asks for it
     * @return empty if the username is taken
     * @throws RegistrationRefusedException if {@code registration.mode} does not allow it, or the invitation is not valid
     */
    public Optional<Account> register(
            Username username, Password password, Optional<InvitationToken> token, Actor actor) {
        Mode mode = settings.get().mode();
        if (mode == Mode.CLOSED) {
            throw new RegistrationRefusedException(Reason.CLOSED);
        }
        if (mode == Mode.INVITE && token.isEmpty()) {
            throw new RegistrationRefusedException(Reason.INVITATION_REQUIRED);
        }
        Optional<Invitation> invitation = token.map(this::openInvitation);
        Set<Role> roles = EnumSet.of(Role.USER);
        invitation.map(Invitation::role).ifPresent(roles::add);
        Profile profile = new Profile(Optional.empty(), invitation.flatMap(Invitation::email));
        return add(username, password, roles, profile, actor, invitation);
    }

    /**
     * Makes an account for somebody else, whatever {@code registration.mode} is.
     *
     * @param actor the administrator, or the service itself
     * @return empty if the username is taken
     */
    public Optional<Account> create(
            Username username, Password password, Set<Role> roles, Profile profile, Actor actor) {
        return add(username, password, roles, profile, actor, Optional.empty());
    }

    /**
     * Makes the first administrator; of several replicas at once exactly one does.
     *
     * @throws dev.taskplatform.kit.database.DatabaseUnavailableException while the database is away
     */
    public FirstAdministrator createFirstAdministrator(Username username, Password password) {
        if (accounts.hasAdministrator()) {
            return FirstAdministrator.EXISTS;
        }
        completeNames();
        Account account = Account.registered(
                ids.next(), username, hasher.hash(password), EnumSet.of(Role.USER, Role.ADMIN), now());
        return transactions.inTransaction(() -> {
            accounts.lock();
            if (accounts.hasAdministrator()) {
                return FirstAdministrator.EXISTS;
            }
            if (!accounts.add(account)) {
                return FirstAdministrator.USERNAME_TAKEN;
            }
            audit.record(new AuditEntry("account.registered", account.id(), Actor.SYSTEM));
            return FirstAdministrator.CREATED;
        });
    }

    /**
     * Sees to it that names are compared with those of older accounts, too.
     *
     * @throws dev.taskplatform.kit.database.DatabaseUnavailableException while the database is away
     */
    public void completeNames() {
        int filled;
        do {
            filled = accounts.fillSkeletons(SKELETONS_AT_ONCE);
        } while (filled == SKELETONS_AT_ONCE);
    }

    private Optional<Account> add(
            Username username,
            Password password,
            Set<Role> roles,
            Profile profile,
            Actor actor,
            Optional<Invitation> invitation) {
        completeNames();
        // Asked first for the sake of the hasher: a taken name must not cost a hash. The insert decides.
        if (accounts.isTaken(username)) {
            return Optional.empty();
        }
        Account account = profile.of(Account.registered(ids.next(), username, hasher.hash(password), roles, now()));
        return transactions.inTransaction(() -> {
            if (!accounts.add(account)) {
                return Optional.empty();
            }
            invitation.ifPresent(used -> use(used, account.id()));
            audit.record(new AuditEntry("account.registered", account.id(), actor, details(invitation)));
            return Optional.of(account);
        });
    }

    private Invitation openInvitation(InvitationToken token) {
        return invitations
                .find(token.hash())
                .filter(invitation -> invitation.isOpen(now()) && mayStillGive(invitation))
                .orElseThrow(() -> new RegistrationRefusedException(Reason.INVITATION_INVALID));
    }

    /** Nobody makes an administrator who is none any more: else an invitation would be a way back. */
    private boolean mayStillGive(Invitation invitation) {
        return invitation.role() != Role.ADMIN
                || accounts.find(invitation.createdBy())
                        .filter(Administrators::isActive)
                        .isPresent();
    }

    /** Another may have been faster: then the account is not made either. */
    private void use(Invitation invitation, UUID account) {
        if (!invitations.use(invitation.id(), account, now())) {
            throw new RegistrationRefusedException(Reason.INVITATION_INVALID);
        }
    }

    private static Map<String, String> details(Optional<Invitation> invitation) {
        return invitation
                .map(used -> Map.of("invitation", used.id().toString()))
                .orElse(Map.of());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** What became of the first administrator. */
    public enum FirstAdministrator {
        /** There is one now. */
        CREATED,
        /** There was one, perhaps another. */
        EXISTS,
        /** There is none, and the username is somebody's who is no administrator. */
        USERNAME_TAKEN
    }

    /** What a new account tells of its owner. */
    public record Profile(Optional<String> displayName, Optional<String> email) {
        /** An account that tells nothing. */
        public static final Profile NONE = new Profile(Optional.empty(), Optional.empty());

        Account of(Account account) {
            return AccountPatch.ofProfile(PatchField.to(displayName), PatchField.to(email))
                    .applyTo(account, account.createdAt());
        }
    }
}
