// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.Dialect;
import dev.taskplatform.kit.http.TimedId;
import dev.taskplatform.task.list.ListRole;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Tasks in the service's database. */
public final class DatabaseTaskRepository implements TaskRepository {
    private static final String INSERT = "INSERT INTO task (%s) VALUES (%s) ON CONFLICT (id) DO NOTHING"
            .formatted(
                    String.join(", ", TaskRow.COLUMNS),
                    TaskRow.COLUMNS.stream().map(column -> ":" + column).collect(Collectors.joining(", ")));
    private static final String UPDATE = "UPDATE task SET %s WHERE id = :id"
            .formatted(TaskRow.COLUMNS.stream()
                    .map(column -> column + " = :" + column)
                    .collect(Collectors.joining(", ")));
    private static final String FIND = "SELECT " + TaskRow.columns("t") + ", m.role FROM task t"
            + " JOIN list_member m ON m.list_id = t.list_id AND m.user_id = :user WHERE t.id = :id";

    private final Database database;
    private final TaskRow rows;
    private final String lock;
    private final String forUpdate;

    /** @param database with the table {@code task} */
    public DatabaseTaskRepository(Database database, ObjectMapper mapper) {
        this.database = database;
        this.rows = new TaskRow(mapper);
        // SQLite has one writer at a time, who so has locked everything.
        this.forUpdate = database.dialect() == Dialect.POSTGRESQL ? " FOR UPDATE OF t" : "";
        this.lock = FIND + forUpdate;
    }

    @Override
    public boolean add(Task task) {
        return database.write(handle -> {
            if (rows.bind(handle.createUpdate(INSERT), task).execute() == 0) {
                return false;
            }
            TaskFields fields = task.fields();
            insert(handle, task.id(), "task_label", "label", fields.labels());
            insert(handle, task.id(), "task_assignee", "user_id", fields.assignees());
            insert(handle, task.id(), "task_dependency", "blocker_id", fields.blockedBy());
            return true;
        });
    }

    @Override
    public boolean hasMoreThan(UUID list, int tasks) {
        return database.read(handle -> handle.createQuery(
                        "SELECT 1 FROM task WHERE list_id = :list AND deleted_at IS NULL LIMIT 1 OFFSET :tasks")
                .bind("list", list)
                .bind("tasks", tasks)
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
    }

    @Override
    public Optional<VisibleTask> find(UUID user, UUID id) {
        return database.read(handle -> find(handle, FIND, user, id));
    }

    @Override
    public Optional<VisibleTask> lock(UUID user, UUID id) {
        return database.write(handle -> find(handle, lock, user, id));
    }

    private Optional<VisibleTask> find(Handle handle, String sql, UUID user, UUID id) {
        return handle.createQuery(sql)
                .bind("id", id)
                .bind("user", user)
                .map(row -> new VisibleTask(rows.task(row), ListRole.of(row.getColumn("role", String.class))))
                .findOne();
    }

    @Override
    public List<Task> lockAll(Collection<UUID> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        return database.write(handle -> handle.createQuery("SELECT " + TaskRow.columns("t")
                        + " FROM task t WHERE t.id IN (<ids>) ORDER BY t.id" + forUpdate)
                .bindList("ids", List.copyOf(ids))
                .map(rows::task)
                .list());
    }

    @Override
    public List<Task> trash(UUID user, Optional<TimedId> after, int limit) {
        String sql = "SELECT " + TaskRow.columns("t") + " FROM list_member m JOIN task t ON t.list_id = m.list_id"
                + " WHERE m.user_id = :user AND t.deleted_at IS NOT NULL"
                + (after.isPresent() ? " AND (t.deleted_at, t.id) < (:deletedAt, :id)" : "")
                + " ORDER BY t.deleted_at DESC, t.id DESC LIMIT :limit";
        return database.read(handle -> {
            var query = handle.createQuery(sql).bind("user", user).bind("limit", limit);
            after.ifPresent(place -> query.bind("deletedAt", place.time()).bind("id", place.id()));
            return query.map(rows::task).list();
        });
    }

    @Override
    public List<Task> lockDeletedBefore(Instant time, int limit) {
        return database.write(handle -> handle.createQuery("SELECT " + TaskRow.columns("t")
                        + " FROM task t WHERE t.deleted_at < :time ORDER BY t.deleted_at LIMIT :limit"
                        + (forUpdate.isEmpty() ? "" : forUpdate + " SKIP LOCKED"))
                .bind("time", time)
                .bind("limit", limit)
                .map(rows::task)
                .list());
    }

    @Override
    public void remove(UUID id) {
        database.write(handle -> handle.createUpdate("DELETE FROM task WHERE id = :id")
                .bind("id", id)
                .execute());
    }

    @Override
    public void update(Task before, Task after) {
        database.write(handle -> {
            rows.bind(handle.createUpdate(UPDATE), after).execute();
            TaskFields old = before.fields();
            TaskFields fields = after.fields();
            replace(handle, after.id(), "task_label", "label", old.labels(), fields.labels());
            replace(handle, after.id(), "task_assignee", "user_id", old.assignees(), fields.assignees());
            replace(handle, after.id(), "task_dependency", "blocker_id", old.blockedBy(), fields.blockedBy());
            return null;
        });
    }

    @Override
    public List<Task> lockAssigned(UUID user, Optional<UUID> list, int limit) {
        String sql = "SELECT " + TaskRow.columns("t") + " FROM task_assignee a JOIN task t ON t.id = a.task_id"
                + " WHERE a.user_id = :user" + (list.isPresent() ? " AND t.list_id = :list" : "")
                + " ORDER BY t.id LIMIT :limit" + forUpdate;
        return database.write(handle -> {
            var query = handle.createQuery(sql).bind("user", user).bind("limit", limit);
            list.ifPresent(id -> query.bind("list", id));
            return query.map(rows::task).list();
        });
    }

    @Override
    public List<Task> forgetCreator(UUID user, int limit, Instant now) {
        return database.write(handle -> handle.createQuery("UPDATE task SET creator_id = NULL, version = version + 1,"
                        + " updated_at = :now WHERE id IN (SELECT id FROM task WHERE creator_id = :user LIMIT :limit)"
                        + " RETURNING " + String.join(", ", TaskRow.COLUMNS))
                .bind("user", user)
                .bind("limit", limit)
                .bind("now", now)
                .map(rows::task)
                .list());
    }

    @Override
    public int removeSome(UUID list, int limit) {
        return database.write(handle ->
                handle.createUpdate("""
                        DELETE FROM task WHERE id IN (SELECT id FROM task WHERE list_id = :list LIMIT :limit)""").bind("list", list).bind("limit", limit).execute());
    }

    private static void replace(
            Handle handle, UUID task, String table, String column, Collection<?> before, Collection<?> after) {
        insert(handle, task, table, column, without(after, before));
        Set<?> gone = without(before, after);
        if (!gone.isEmpty()) {
            handle.createUpdate("DELETE FROM %s WHERE task_id = :task AND %s IN (<gone>)".formatted(table, column))
                    .bind("task", task)
                    .bindList("gone", List.copyOf(gone))
                    .execute();
        }
    }

    private static void insert(Handle handle, UUID task, String table, String column, Collection<?> values) {
        if (values.isEmpty()) {
            return;
        }
        var batch = handle.prepareBatch("INSERT INTO %s (task_id, %s) VALUES (:task, :value)".formatted(table, column));
        values.forEach(value -> batch.bind("task", task).bind("value", value).add());
        batch.execute();
    }

    private static Set<?> without(Collection<?> all, Collection<?> some) {
        Set<Object> rest = new HashSet<>(all);
        rest.removeAll(some);
        return rest;
    }
}
