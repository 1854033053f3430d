// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import dev.taskplatform.kit.database.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowViewMapper;
import org.jdbi.v3.core.result.RowView;
import org.jdbi.v3.core.statement.EmptyHandling;
import org.jdbi.v3.core.statement.SqlStatement;

/** Tasks in the service's database. */
public final class DatabaseTaskRepository implements TaskRepository {
    private static final String COLUMNS = "id, owner_id, title, description, status, version, created_at, updated_at";

    private final Database database;

    /** @param database with the table {@code task} */
    public DatabaseTaskRepository(Database database) {
        this.database = database;
    }

    @Override
    public void add(Task task) {
        database.write(handle -> handle.createUpdate("INSERT INTO task (" + COLUMNS + ")"
                        + " VALUES (:id, :owner, :title, :description, :status, :version, :createdAt, :updatedAt)")
                .bind("id", task.id())
                .bind("owner", task.owner())
                .bind("title", task.title())
                .bind("description", task.description().orElse(null))
                .bind("status", task.status().text())
                .bind("version", task.version())
                .bind("createdAt", task.createdAt())
                .bind("updatedAt", task.updatedAt())
                .execute());
    }

    @Override
    public Optional<Task> find(UUID owner, UUID id) {
        return database.read(handle -> find(handle, owner, id));
    }

    private static Optional<Task> find(Handle handle, UUID owner, UUID id) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM task WHERE id = :id AND owner_id = :owner")
                .bind("id", id)
                .bind("owner", owner)
                .map(TASK)
                .findOne();
    }

    @Override
    public List<Task> list(UUID owner, Optional<TaskStatus> status, Optional<UUID> after, int limit) {
        String sql = listSql(status.isPresent(), after.isPresent());
        return database.read(handle -> {
            var query = handle.createQuery(sql).bind("owner", owner).bind("limit", limit);
            status.ifPresent(value -> query.bind("status", value.text()));
            after.ifPresent(value -> query.bind("after", value));
            return query.map(TASK).list();
        });
    }

    /** Conditions are left out rather than made optional in SQL, so that each list is a range of one index. */
    static String listSql(boolean byStatus, boolean afterOne) {
        return "SELECT " + COLUMNS + " FROM task WHERE owner_id = :owner"
                + (byStatus ? " AND status = :status" : "")
                + (afterOne ? " AND id > :after" : "")
                + " ORDER BY id LIMIT :limit";
    }

    @Override
    public Optional<Task> change(UUID owner, UUID id, TaskPatch patch, Optional<Set<Long>> versions, Instant now)
            throws VersionMismatchException {
        String sql = """
                UPDATE task SET
                    title = COALESCE(:title, title),
                    description = CASE WHEN :removesDescription THEN NULL ELSE COALESCE(:description, description) END,
                    status = COALESCE(:status, status),
                    version = version + 1,
                    updated_at = :now
                WHERE id = :id AND owner_id = :owner""" + condition(versions) + " RETURNING " + COLUMNS;
        return database.write(handle -> {
            var update = handle.createQuery(sql)
                    .bind("title", patch.title().orElse(null))
                    .bind("removesDescription", patch.removesDescription())
                    .bind("description", patch.description().orElse(null))
                    .bind("status", patch.status().map(TaskStatus::text).orElse(null))
                    .bind("now", now);
            Optional<Task> changed = bind(update, owner, id, versions).map(TASK).findOne();
            if (changed.isEmpty()) {
                requireNone(handle, owner, id);
            }
            return changed;
        });
    }

    @Override
    public boolean remove(UUID owner, UUID id, Optional<Set<Long>> versions) throws VersionMismatchException {
        String sql = "DELETE FROM task WHERE id = :id AND owner_id = :owner" + condition(versions);
        return database.write(handle -> {
            boolean removed =
                    bind(handle.createUpdate(sql), owner, id, versions).execute() == 1;
            if (!removed) {
                requireNone(handle, owner, id);
            }
            return removed;
        });
    }

    @Override
    public int removeSome(UUID owner, int limit) {
        return database.write(handle -> handle.createUpdate("""
                        DELETE FROM task WHERE owner_id = :owner AND id IN (
                            SELECT id FROM task WHERE owner_id = :owner ORDER BY id LIMIT :limit)""")
                .bind("owner", owner)
                .bind("limit", limit)
                .execute());
    }

    private static String condition(Optional<Set<Long>> versions) {
        return versions.isPresent() ? " AND version IN (<versions>)" : "";
    }

    private static <S extends SqlStatement<S>> S bind(S statement, UUID owner, UUID id, Optional<Set<Long>> versions) {
        statement.bind("id", id).bind("owner", owner);
        // Tags that are none of ours leave an empty list, which matches nothing.
        versions.ifPresent(values -> statement.bindList(EmptyHandling.NULL_KEYWORD, "versions", List.copyOf(values)));
        return statement;
    }

    /** A statement that changed nothing: either there is no such task, or it has another version. */
    private static void requireNone(Handle handle, UUID owner, UUID id) throws VersionMismatchException {
        if (find(handle, owner, id).isPresent()) {
            throw new VersionMismatchException();
        }
    }

    private static final RowViewMapper<Task> TASK = DatabaseTaskRepository::task;

    private static Task task(RowView row) {
        return new Task(
                row.getColumn("id", UUID.class),
                row.getColumn("owner_id", UUID.class),
                row.getColumn("title", String.class),
                Optional.ofNullable(row.getColumn("description", String.class)),
                TaskStatus.of(row.getColumn("status", String.class)),
                row.getColumn("version", Long.class),
                row.getColumn("created_at", Instant.class),
                row.getColumn("updated_at", Instant.class));
    }
}
