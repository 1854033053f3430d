// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.event;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.id.UuidGenerator;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** The outbox in the service's database. */
public final class DatabaseEventOutbox implements EventOutbox {
    private final Database database;
    private final UuidGenerator ids;
    private final Clock clock;

    /** @param database with the tables {@code event} and {@code event_position} */
    public DatabaseEventOutbox(Database database, UuidGenerator ids, Clock clock) {
        this.database = database;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public UUID append(UserEvent event) {
        UUID id = ids.next();
        database.write(handle -> {
            long position = handle.createQuery("UPDATE event_position SET last = last + 1 RETURNING last")
                    .mapTo(Long.class)
                    .one();
            return handle.createUpdate("""
                            INSERT INTO event (position, id, type, user_id, session_id, occurred_at)
                            VALUES (:position, :id, :type, :userId, :sessionId, :occurredAt)""")
                    .bind("position", position)
                    .bind("id", id)
                    .bind("type", event.type().text())
                    .bind("userId", event.userId())
                    .bind("sessionId", event.sessionId())
                    .bind("occurredAt", clock.instant().truncatedTo(ChronoUnit.MICROS))
                    .execute();
        });
        return id;
    }
}
