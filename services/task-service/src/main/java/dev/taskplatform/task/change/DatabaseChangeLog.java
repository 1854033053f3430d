// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.change;

import dev.taskplatform.kit.database.Database;
import java.time.Instant;
import java.util.UUID;

/** The order of changes in the service's database. */
public final class DatabaseChangeLog implements ChangeLog {
    private final Database database;
    private final ChangeClock positions;

    /** @param database with the table {@code change} */
    public DatabaseChangeLog(Database database, ChangeClock positions) {
        this.database = database;
        this.positions = positions;
    }

    @Override
    public void changed(UUID list, EntityKind kind, UUID id, Instant now) {
        put(list, kind, id, false, now);
    }

    @Override
    public void removed(UUID list, EntityKind kind, UUID id, Instant now) {
        put(list, kind, id, true, now);
    }

    private void put(UUID list, EntityKind kind, UUID id, boolean removed, Instant now) {
        database.write(handle -> handle.createUpdate("""
                        INSERT INTO change (list_id, kind, entity_id, position, removed, changed_at)
                        VALUES (:list, :kind, :id, :position, :removed, :now)
                        ON CONFLICT (list_id, kind, entity_id) DO UPDATE SET
                            position = excluded.position, removed = excluded.removed, changed_at = excluded.changed_at""")
                .bind("list", list)
                .bind("kind", kind.text())
                .bind("id", id)
                .bind("position", positions.next(handle))
                .bind("removed", removed)
                .bind("now", now)
                .execute());
    }
}
