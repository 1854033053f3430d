// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.event;

import dev.taskplatform.kit.database.Database;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowViewMapper;

/** Events in the service's database. */
public final class DatabaseEventRepository implements EventRepository {
    private static final RowViewMapper<PublishedEvent> EVENT = row -> new PublishedEvent(
            row.getColumn("position", Long.class),
            row.getColumn("id", UUID.class),
            row.getColumn("type", String.class),
            row.getColumn("occurred_at", Instant.class),
            row.getColumn("user_id", UUID.class),
            row.getColumn("session_id", UUID.class));

    private final Database database;

    /** @param database with the tables {@code event} and {@code event_position} */
    public DatabaseEventRepository(Database database) {
        this.database = database;
    }

    @Override
    public long last() {
        return database.read(handle -> number(handle, "SELECT last FROM event_position"));
    }

    @Override
    public long beforeFirst() {
        return database.read(handle -> number(
                handle, "SELECT COALESCE((SELECT min(position) - 1 FROM event), (SELECT last FROM event_position))"));
    }

    @Override
    public List<PublishedEvent> after(long position, int limit) {
        return database.read(handle -> handle.createQuery("""
                        SELECT position, id, type, occurred_at, user_id, session_id FROM event
                        WHERE position > :position ORDER BY position LIMIT :limit""")
                .bind("position", position)
                .bind("limit", limit)
                .map(EVENT)
                .list());
    }

    @Override
    public void purge(Instant before) {
        // Never a younger one, also when the clocks of two replicas had not the same time: what is left has no gaps.
        database.write(handle -> handle.createUpdate("""
                        DELETE FROM event WHERE position < COALESCE(
                            (SELECT position FROM event WHERE occurred_at >= :before ORDER BY position LIMIT 1),
                            (SELECT last + 1 FROM event_position))""").bind("before", before).execute());
    }

    private static long number(Handle handle, String sql) {
        return handle.createQuery(sql).mapTo(Long.class).one();
    }
}
