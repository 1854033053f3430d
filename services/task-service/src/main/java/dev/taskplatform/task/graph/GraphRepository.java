// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.graph;

import dev.taskplatform.kit.database.Database;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * How tasks are linked, read in steps that are bounded each. All methods throw
 * {@link dev.taskplatform.kit.database.DatabaseUnavailableException} when the database can't do it now.
 */
public final class GraphRepository {
    private final Database database;

    /** @param database with the tables {@code task} and {@code task_dependency} */
    public GraphRepository(Database database) {
        this.database = database;
    }

    /** Those tasks that are in a list, and not in the trash. */
    Set<UUID> there(UUID list, Collection<UUID> ids) {
        if (ids.isEmpty()) {
            return Set.of();
        }
        return database.read(handle -> handle.createQuery(
                        "SELECT id FROM task WHERE id IN (<ids>) AND list_id = :list AND deleted_at IS NULL")
                .bindList("ids", List.copyOf(ids))
                .bind("list", list)
                .mapTo(UUID.class)
                .set());
    }

    /** How many tasks a task is a part of, one within the other, itself among them; no more than are asked for. */
    int depth(UUID id, int most) {
        return database.read(handle -> handle.createQuery("""
                        WITH RECURSIVE up (id, depth) AS (
                            SELECT CAST(:id AS %1$s), 1
                            UNION ALL
                            SELECT t.parent_id, up.depth + 1 FROM up JOIN task t ON t.id = up.id
                            WHERE t.parent_id IS NOT NULL AND up.depth < :most)
                        SELECT max(depth) FROM up""".formatted(idType()))
                .bind("id", id)
                .bind("most", most)
                .mapTo(Integer.class)
                .one());
    }

    /** How many levels of parts a task has below it; no more than are asked for. */
    int height(UUID id, int most) {
        return database.read(handle -> handle.createQuery("""
                        WITH RECURSIVE down (id, depth) AS (
                            SELECT CAST(:id AS %1$s), 0
                            UNION ALL
                            SELECT t.id, down.depth + 1 FROM down JOIN task t ON t.parent_id = down.id
                            WHERE down.depth < :most)
                        SELECT max(depth) FROM down""".formatted(idType()))
                .bind("id", id)
                .bind("most", most)
                .mapTo(Integer.class)
                .one());
    }

    /** The tasks that are parts of a task, one level down. */
    List<UUID> parts(UUID id) {
        return database.read(
                handle -> handle.createQuery("SELECT id FROM task WHERE parent_id = :id AND deleted_at IS NULL")
                        .bind("id", id)
                        .mapTo(UUID.class)
                        .list());
    }

    /** What each of some tasks waits for: its parts, and what blocks it. */
    List<Map.Entry<UUID, UUID>> waits(Collection<UUID> ids) {
        return database.read(handle -> handle.createQuery("""
                        SELECT task_id AS waiting, blocker_id AS awaited FROM task_dependency WHERE task_id IN (<ids>)
                        UNION ALL
                        SELECT parent_id, id FROM task WHERE parent_id IN (<ids>) AND deleted_at IS NULL""")
                .bindList("ids", List.copyOf(ids))
                .map(row -> Map.entry(row.getColumn("waiting", UUID.class), row.getColumn("awaited", UUID.class)))
                .list());
    }

    /**
     * A task and all its parts, level by level.
     *
     * @param deletedAt of those that are wanted; empty for those that are not in the trash
     * @param most no more than these
     */
    List<UUID> subTree(UUID root, Optional<Instant> deletedAt, int most) {
        String there = deletedAt.isPresent() ? "t.deleted_at = :deletedAt" : "t.deleted_at IS NULL";
        return database.read(handle -> {
            var query = handle.createQuery("""
                            WITH RECURSIVE down (id) AS (
                                SELECT CAST(:id AS %1$s)
                                UNION ALL
                                SELECT t.id FROM down JOIN task t ON t.parent_id = down.id WHERE %2$s)
                            SELECT id FROM down LIMIT :most""".formatted(idType(), there))
                    .bind("id", root)
                    .bind("most", most);
            deletedAt.ifPresent(time -> query.bind("deletedAt", time));
            return query.mapTo(UUID.class).list();
        });
    }

    /** Tasks that wait for some tasks, those themselves left out. */
    List<UUID> dependents(Collection<UUID> blockers) {
        return database.read(handle -> handle.createQuery("""
                        SELECT DISTINCT task_id FROM task_dependency
                        WHERE blocker_id IN (<blockers>) AND task_id NOT IN (<blockers>) ORDER BY task_id""")
                .bindList("blockers", List.copyOf(blockers))
                .mapTo(UUID.class)
                .list());
    }

    /**
     * The place of the task next to a place in a list.
     *
     * @param place empty for the end of the list, or its begin if {@code forward}
     * @param but a task that does not count
     */
    Optional<String> neighbour(UUID list, Optional<Place> place, boolean forward, UUID but) {
        String beyond =
                place.isPresent() ? " AND (position, id) %s (:position, :id)".formatted(forward ? ">" : "<") : "";
        String direction = forward ? "ASC" : "DESC";
        return database.read(handle -> {
            var query = handle.createQuery("SELECT position FROM task WHERE list_id = :list AND deleted_at IS NULL"
                            + " AND id <> :but" + beyond
                            + " ORDER BY position %1$s, id %1$s LIMIT 1".formatted(direction))
                    .bind("list", list)
                    .bind("but", but);
            place.ifPresent(from -> query.bind("position", from.position()).bind("id", from.id()));
            return query.mapTo(String.class).findOne();
        });
    }

    /** Tasks from a place on, in their order. */
    List<UUID> from(UUID list, String position, int limit) {
        return database.read(handle -> handle.createQuery("SELECT id FROM task WHERE list_id = :list"
                        + " AND deleted_at IS NULL AND position >= :position ORDER BY position, id LIMIT :limit")
                .bind("list", list)
                .bind("position", position)
                .bind("limit", limit)
                .mapTo(UUID.class)
                .list());
    }

    private String idType() {
        return switch (database.dialect()) {
            case SQLITE -> "TEXT";
            case POSTGRESQL -> "uuid";
        };
    }

    /** Where a task is in its list. */
    record Place(String position, UUID id) {}
}
