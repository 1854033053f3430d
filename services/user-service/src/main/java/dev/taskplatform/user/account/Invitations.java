// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.kit.id.UuidGenerator;
import dev.taskplatform.user.audit.AuditEntry;
import dev.taskplatform.user.audit.AuditLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** What administrators do with invitations. */
public final class Invitations {
    private final InvitationRepository repository;
    private final Transactions transactions;
    private final AuditLog audit;
    private final UuidGenerator ids;
    private final RandomGenerator random;
    private final Clock clock;

    /** @param random a cryptographic one */
    public Invitations(
            InvitationRepository repository,
            Transactions transactions,
            AuditLog audit,
            UuidGenerator ids,
            RandomGenerator random,
            Clock clock) {
        this.repository = repository;
        this.transactions = transactions;
        this.audit = audit;
        this.ids = ids;
        this.random = random;
        this.clock = clock;
    }

    /**
     * Makes an invitation.
     *
     * @param actor the administrator
     * @return with its secret, which nobody can tell again
     */
    public Created create(Optional<String> email, Optional<String> note, Role role, Duration expiresIn, Actor actor) {
        Instant now = now();
        InvitationToken token = InvitationToken.random(random);
        Invitation invitation = new Invitation(
                ids.next(),
                email,
                note,
                role,
                actor.userId(),
                now,
                now.plus(expiresIn),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        transactions.inTransaction(() -> {
            repository.add(invitation, token.hash());
            audit.record(entry("invitation.created", invitation.id(), actor));
            return invitation;
        });
        return new Created(invitation, token);
    }

    /** As {@link InvitationRepository#list}. */
    public List<Invitation> list(Optional<UUID> after, int limit) {
        return repository.list(after, limit);
    }

    /**
     * Revokes an invitation; one that has been revoked already stays so.
     *
     * @return the invitation as it is now: one that was used before stays used; empty if there is none
     */
    public Optional<Invitation> revoke(UUID id, Actor actor) {
        return transactions.inTransaction(() -> {
            if (repository.revoke(id, now())) {
                audit.record(entry("invitation.revoked", id, actor));
            }
            return repository.find(id);
        });
    }

    /** Whether one can register with it now. */
    public boolean isOpen(Invitation invitation) {
        return invitation.isOpen(now());
    }

    private static AuditEntry entry(String kind, UUID id, Actor actor) {
        return new AuditEntry(kind, null, actor, Map.of("invitation", id.toString()));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** A new invitation and its secret. */
    public record Created(Invitation invitation, InvitationToken token) {}
}
