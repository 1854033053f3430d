// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.sync;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.Dialect;
import dev.taskplatform.kit.json.Choice;
import dev.taskplatform.task.change.EntityKind;
import dev.taskplatform.task.task.Task;
import dev.taskplatform.task.task.TaskRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.RowView;
import org.jdbi.v3.core.statement.Query;

/**
 * The order of changes, as a member of lists meets it: list by list a range of an index, so that what others do costs nothing.
 * All methods throw {@link dev.taskplatform.kit.database.DatabaseUnavailableException} when the database can't do it now.
 */
public final class FeedRepository {
    /** Lists in a statement: fewer than the databases have places for. */
    private static final int LISTS_AT_ONCE = 100;

    private static final String KNOWN = "SELECT c.list_id, c.kind, c.entity_id, c.position FROM change c"
            + " WHERE c.list_id = :list%1$d AND c.position < :horizon AND ";
    /** What changed since the person became a member, or since what they have read. */
    private static final String CHANGED =
            KNOWN + "(c.position, c.entity_id) > (:from%1$d, :id%1$d) ORDER BY c.position, c.entity_id LIMIT :limit";
    /** What was there when the person became a member. */
    private static final String GAINED =
            KNOWN + "c.entity_id > :after%1$d AND c.position <= :gained%1$d ORDER BY c.entity_id LIMIT :limit";

    private static final UUID LEAST = new UUID(0, 0);
    private static final UUID MOST = new UUID(-1, -1);
    /** In both databases ids are compared as bytes, not as signed numbers, which {@link UUID#compareTo} does. */
    private static final Comparator<UUID> BYTES = Comparator.comparing(UUID::toString);

    private static final Comparator<ChangeRow> ORDER =
            Comparator.comparingLong(ChangeRow::position).thenComparing(ChangeRow::id, BYTES);

    private final Database database;
    private final TaskRow tasks;

    /** @param database with the tables {@code change}, {@code list_member} and {@code list_departure} */
    public FeedRepository(Database database, ObjectMapper mapper) {
        this.database = database;
        this.tasks = new TaskRow(mapper);
    }

    /** A membership and since when. */
    private record Joined(UUID list, long position) {}

    /**
     * What comes after a place, in order.
     *
     * @param limit at most so many
     */
    List<ChangeRow> after(UUID user, FeedToken place, int limit) {
        return database.read(handle -> {
            long horizon = horizon(handle);
            List<ChangeRow> found = new ArrayList<>(departures(handle, user, place, horizon, limit));
            List<Joined> joined = joined(handle, user, horizon);
            for (int from = 0; from < joined.size(); from += LISTS_AT_ONCE) {
                List<Joined> part = joined.subList(from, Math.min(joined.size(), from + LISTS_AT_ONCE));
                found.addAll(changed(handle, part, place, horizon, limit));
                List<Joined> gained = part.stream()
                        .filter(list -> list.position() >= place.position())
                        .toList();
                found.addAll(gained(handle, gained, place, horizon, limit));
            }
            found.sort(ORDER);
            return List.copyOf(found.subList(0, Math.min(limit, found.size())));
        });
    }

    /** Positions from here on may still get company by transactions that have not ended. */
    private long horizon(Handle handle) {
        return handle.createQuery(
                        switch (database.dialect()) {
                            case SQLITE -> "SELECT base + 1 FROM change_clock";
                            case POSTGRESQL ->
                                "SELECT base + pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM change_clock";
                        })
                .mapTo(Long.class)
                .one();
    }

    private static List<Joined> joined(Handle handle, UUID user, long horizon) {
        return handle.createQuery(
                        "SELECT list_id, position FROM list_member WHERE user_id = :user AND position < :horizon")
                .bind("user", user)
                .bind("horizon", horizon)
                .map(row -> new Joined(row.getColumn("list_id", UUID.class), row.getColumn("position", Long.class)))
                .list();
    }

    private static List<ChangeRow> departures(Handle handle, UUID user, FeedToken place, long horizon, int limit) {
        return handle.createQuery("SELECT list_id, position FROM list_departure WHERE user_id = :user"
                        + " AND (position, list_id) > (:position, :id) AND position < :horizon"
                        + " ORDER BY position, list_id LIMIT :limit")
                .bind("user", user)
                .bind("position", place.position())
                .bind("id", place.id())
                .bind("horizon", horizon)
                .bind("limit", limit)
                .map(row -> {
                    UUID list = row.getColumn("list_id", UUID.class);
                    return new ChangeRow(row.getColumn("position", Long.class), list, EntityKind.LIST, list, true);
                })
                .list();
    }

    private static List<ChangeRow> changed(
            Handle handle, List<Joined> lists, FeedToken place, long horizon, int limit) {
        if (lists.isEmpty()) {
            return List.of();
        }
        Query query = query(handle, CHANGED, lists, horizon, limit);
        for (int i = 0; i < lists.size(); i++) {
            boolean isRead = place.position() > lists.get(i).position();
            query.bind("from" + i, isRead ? place.position() : lists.get(i).position())
                    .bind("id" + i, isRead ? place.id() : MOST);
        }
        return query.map(row -> row(row, row.getColumn("position", Long.class))).list();
    }

    private static List<ChangeRow> gained(Handle handle, List<Joined> lists, FeedToken place, long horizon, int limit) {
        if (lists.isEmpty()) {
            return List.of();
        }
        Query query = query(handle, GAINED, lists, horizon, limit);
        for (int i = 0; i < lists.size(); i++) {
            query.bind("gained" + i, lists.get(i).position())
                    .bind("after" + i, place.position() == lists.get(i).position() ? place.id() : LEAST);
        }
        return query.map(row -> row(row, position(row, lists))).list();
    }

    private static long position(RowView row, List<Joined> lists) {
        UUID list = row.getColumn("list_id", UUID.class);
        return lists.stream()
                .filter(joined -> joined.list().equals(list))
                .findFirst()
                .orElseThrow()
                .position();
    }

    private static Query query(Handle handle, String each, List<Joined> lists, long horizon, int limit) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < lists.size(); i++) {
            parts.add("SELECT * FROM (" + each.formatted(i) + ") AS part" + i);
        }
        Query query = handle.createQuery(String.join(" UNION ALL ", parts))
                .bind("horizon", horizon)
                .bind("limit", limit);
        for (int i = 0; i < lists.size(); i++) {
            query.bind("list" + i, lists.get(i).list());
        }
        return query;
    }

    private static ChangeRow row(RowView row, long position) {
        return new ChangeRow(
                position,
                row.getColumn("list_id", UUID.class),
                Choice.find(EntityKind.class, row.getColumn("kind", String.class))
                        .orElseThrow(),
                row.getColumn("entity_id", UUID.class),
                false);
    }

    /** Those of some tasks that a person can see. */
    List<Task> tasks(UUID user, Collection<UUID> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        return database.read(handle -> handle.createQuery("SELECT " + TaskRow.columns("t") + " FROM task t"
                        + " JOIN list_member m ON m.list_id = t.list_id AND m.user_id = :user"
                        + " WHERE t.id IN (<ids>) AND t.deleted_at IS NULL")
                .bind("user", user)
                .bindList("ids", List.copyOf(ids))
                .map(tasks::task)
                .list());
    }

    /** The lists of what changed from a position on, of at most so many changes. */
    Set<UUID> changedSince(long position, int limit) {
        return database.read(handle -> handle.createQuery(
                        "SELECT list_id FROM change WHERE position >= :position ORDER BY position LIMIT :limit")
                .bind("position", position)
                .bind("limit", limit)
                .mapTo(UUID.class)
                .set());
    }

    /** Where changes stand that have not been made yet. */
    long horizon() {
        return database.read(this::horizon);
    }

    /** The lists that a person is a member of. */
    Set<UUID> lists(UUID user) {
        return database.read(handle -> handle.createQuery("SELECT list_id FROM list_member WHERE user_id = :user")
                .bind("user", user)
                .mapTo(UUID.class)
                .set());
    }

    /**
     * Forgets what was removed, and who left lists, long ago.
     *
     * @return whether there may be more
     */
    boolean purge(Instant before, int limit) {
        return database.write(handle -> {
            String row = database.dialect() == Dialect.SQLITE ? "(list_id, kind, entity_id)" : "ctid";
            String key = database.dialect() == Dialect.SQLITE ? "list_id, kind, entity_id" : "ctid";
            int changes = handle.createUpdate(
                            "DELETE FROM change WHERE %s IN (SELECT %s FROM change WHERE removed = :yes"
                                            .formatted(row, key)
                                    + " AND changed_at < :before LIMIT :limit)")
                    .bind("yes", true)
                    .bind("before", before)
                    .bind("limit", limit)
                    .execute();
            int departures = handle.createUpdate("DELETE FROM list_departure WHERE (user_id, list_id) IN"
                            + " (SELECT user_id, list_id FROM list_departure WHERE left_at < :before LIMIT :limit)")
                    .bind("before", before)
                    .bind("limit", limit)
                    .execute();
            return changes == limit || departures == limit;
        });
    }
}
