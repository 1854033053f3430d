// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.authorize;

import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.user.audit.AuditEntry;
import dev.taskplatform.user.audit.AuditLog;
import dev.taskplatform.user.oauth.protocol.Scope;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** Remembers what people let clients do, so that they are asked once. */
public final class Consents {
    private final ConsentRepository repository;
    private final Transactions transactions;
    private final AuditLog audit;
    private final Clock clock;

    /** Collaborators. */
    public Consents(ConsentRepository repository, Transactions transactions, AuditLog audit, Clock clock) {
        this.repository = repository;
        this.transactions = transactions;
        this.audit = audit;
        this.clock = clock;
    }

    /** Whether the person has to be asked. */
    boolean isNeeded(UUID userId, AuthorizationRequest request) {
        if (request.asks(Prompt.CONSENT)) {
            return true;
        }
        return !request.client().firstParty()
                && !repository.find(userId, request.client().id()).containsAll(request.scope());
    }

    /** The person agrees, to this and what they have agreed to before. */
    void grant(UUID userId, AuthorizationRequest request, Actor actor) {
        String client = request.client().id();
        transactions.inTransaction(() -> {
            Set<String> scope = new TreeSet<>(repository.find(userId, client));
            scope.addAll(request.scope());
            repository.put(userId, client, scope, clock.instant().truncatedTo(ChronoUnit.MICROS));
            audit.record(new AuditEntry(
                    "consent.granted",
                    userId,
                    actor.as(userId),
                    Map.of("client", client, "scope", Scope.text(new TreeSet<>(request.scope())))));
            return scope;
        });
    }
}
