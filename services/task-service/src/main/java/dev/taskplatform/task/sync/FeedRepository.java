// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.sync;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.database.Database;
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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

    /**
     * What of a list comes after a place, in the order of its own positions. What was there when the person became a member
     * counts from then on, so this is the order in which the person meets it, too.
     */
    private static final String CHANGED = "SELECT * FROM (SELECT c.list_id, c.kind, c.entity_id, c.position AS changed,"
            + " CASE WHEN c.position < :joined%1$d THEN :joined%1$d ELSE c.position END AS met FROM change c"
            + " WHERE c.list_id = :list%1$d AND (c.position, c.entity_id) > (:from%1$d, :id%1$d)"
            + " AND c.position < :horizon ORDER BY c.position, c.entity_id LIMIT :limit) AS part%1$d";

    private static final UUID MOST = new UUID(-1, -1);
    /** In both databases ids are compared as bytes, not as signed numbers, which {@link UUID#compareTo} does. */
    private static final Comparator<UUID> BYTES = Comparator.comparing(UUID::toString);

    private static final Comparator<ChangeRow> ORDER = Comparator.comparingLong(ChangeRow::position)
            .thenComparingLong(ChangeRow::changed)
            .thenComparing(ChangeRow::id, BYTES);

    private final Database database;
    private final TaskRow tasks;

    /** @param database with the tables {@code change}, {@code list_member} and {@code list_departure} */
    public FeedRepository(Database database, ObjectMapper mapper) {
        this.database = database;
        this.tasks = new TaskRow(mapper);
    }

    /** A membership and since when. */
    private record Joined(UUID list, long position) {}

    /** From where on a list is read: what is after an entity at a position of its own. */
    private record From(long position, UUID id) {
        /** What somebody who has been there before a place has not read yet. */
        static From of(FeedToken place) {
            return place.changed() == place.position()
                    ? new From(place.position(), place.id())
                    // It is among what was there already in another list; all that changed at its position comes later.
                    : new From(place.position() - 1, MOST);
        }

        static From of(FeedToken place, long joined) {
            if (place.position() < joined) {
                return new From(-1, MOST);
            }
            return place.position() == joined ? new From(place.changed(), place.id()) : of(place);
        }
    }

    /**
     * What comes after a place, in order.
     *
     * @param horizon see {@link #horizon()}
     * @param limit at most so many
     */
    List<ChangeRow> after(UUID user, FeedToken place, long horizon, int limit) {
        return database.read(handle -> {
            List<ChangeRow> found = new ArrayList<>(departures(handle, user, From.of(place), horizon, limit));
            List<Joined> joined = joined(handle, user, horizon);
            for (int from = 0; from < joined.size(); from += LISTS_AT_ONCE) {
                List<Joined> part = joined.subList(from, Math.min(joined.size(), from + LISTS_AT_ONCE));
                found.addAll(changed(handle, part, place, horizon, limit));
            }
            found.sort(ORDER);
            return List.copyOf(found.subList(0, Math.min(limit, found.size())));
        });
    }

    private static List<Joined> joined(Handle handle, UUID user, long horizon) {
        return handle.createQuery(
                        "SELECT list_id, position FROM list_member WHERE user_id = :user AND position < :horizon")
                .bind("user", user)
                .bind("horizon", horizon)
                .map(row -> new Joined(row.getColumn("list_id", UUID.class), row.getColumn("position", Long.class)))
                .list();
    }

    private static List<ChangeRow> departures(Handle handle, UUID user, From from, long horizon, int limit) {
        return handle.createQuery("SELECT list_id, position FROM list_departure WHERE user_id = :user"
                        + " AND (position, list_id) > (:from, :id) AND position < :horizon"
                        + " ORDER BY position, list_id LIMIT :limit")
                .bind("user", user)
                .bind("from", from.position())
                .bind("id", from.id())
                .bind("horizon", horizon)
                .bind("limit", limit)
                .map(row -> {
                    UUID list = row.getColumn("list_id", UUID.class);
                    long position = row.getColumn("position", Long.class);
                    return new ChangeRow(position, position, list, EntityKind.LIST, list, true);
                })
                .list();
    }

    private static List<ChangeRow> changed(
            Handle handle, List<Joined> lists, FeedToken place, long horizon, int limit) {
        String parts = IntStream.range(0, lists.size())
                .mapToObj(CHANGED::formatted)
                .collect(Collectors.joining(" UNION ALL "));
        Query query = handle.createQuery(parts + " ORDER BY met, changed, entity_id LIMIT :limit")
                .bind("horizon", horizon)
                .bind("limit", limit);
        for (int i = 0; i < lists.size(); i++) {
            Joined list = lists.get(i);
            From from = From.of(place, list.position());
            query.bind("list" + i, list.list())
                    .bind("joined" + i, list.position())
                    .bind("from" + i, from.position())
                    .bind("id" + i, from.id());
        }
        return query.map(FeedRepository::row).list();
    }

    private static ChangeRow row(RowView row) {
        return new ChangeRow(
                row.getColumn("met", Long.class),
                row.getColumn("changed", Long.class),
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
                        // As the index has it.
                        "SELECT list_id FROM change WHERE position + 0 >= :position ORDER BY position + 0 LIMIT :limit")
                .bind("position", position)
                .bind("limit", limit)
                .mapTo(UUID.class)
                .set());
    }

    /**
     * Positions from here on may still get company by transactions that have not ended; all before is there to be read. It
     * only grows. In PostgreSQL it stands still while the oldest transaction of the server lasts, whatever that does: the
     * feed is late then, and misses nothing. Statements of the service end in seconds.
     */
    long horizon() {
        return database.read(handle -> handle.createQuery(
                        switch (database.dialect()) {
                            case SQLITE -> "SELECT base + 1 FROM change_clock";
                            case POSTGRESQL ->
                                "SELECT base + pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM change_clock";
                        })
                .mapTo(Long.class)
                .one());
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
            // In the words of the partial index: it is not used for a value that is bound.
            int changes = handle.createUpdate(
                            switch (database.dialect()) {
                                case SQLITE ->
                                    "DELETE FROM change WHERE (list_id, kind, entity_id) IN"
                                            + " (SELECT list_id, kind, entity_id FROM change WHERE removed = 1"
                                            + " AND changed_at < :before LIMIT :limit)";
                                case POSTGRESQL ->
                                    "DELETE FROM change WHERE ctid IN (SELECT ctid FROM change WHERE removed"
                                            + " AND changed_at < :before LIMIT :limit)";
                            })
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
