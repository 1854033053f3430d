// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.id.UuidGenerator;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** The audit log in the service's database. */
public final class DatabaseAuditLog implements AuditLog {
    private final Database database;
    private final UuidGenerator ids;
    private final Clock clock;
    private final ObjectMapper json;

    /** @param database with the table {@code audit_entry} */
    public DatabaseAuditLog(Database database, UuidGenerator ids, Clock clock, ObjectMapper json) {
        this.database = database;
        this.ids = ids;
        this.clock = clock;
        this.json = json;
    }

    @Override
    public void record(AuditEntry entry) {
        Actor actor = entry.actor();
        database.write(handle -> handle.createUpdate("""
                        INSERT INTO audit_entry
                            (id, occurred_at, kind, user_id, actor_user_id, actor_client_id, address, request_id, details)
                        VALUES
                            (:id, :occurredAt, :kind, :userId, :actorUserId, :actorClientId, :address, :requestId, :details)""")
                .bind("id", ids.next())
                .bind("occurredAt", clock.instant().truncatedTo(ChronoUnit.MICROS))
                .bind("kind", entry.kind())
                .bind("userId", entry.userId())
                .bind("actorUserId", actor.userId())
                .bind("actorClientId", actor.clientId())
                .bind("address", actor.address())
                .bind("requestId", actor.requestId())
                .bind("details", details(entry))
                .execute());
    }

    private String details(AuditEntry entry) {
        try {
            return json.writeValueAsString(entry.details());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A map of strings is JSON", e);
        }
    }
}
