// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.task.list.TaskList;
import dev.taskplatform.task.task.Task;
import dev.taskplatform.task.task.TaskRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What a person can see, list by list and in the order of ids, without the trash. */
public final class ExportRepository {
    private final Database database;
    private final TaskRow rows;

    /** @param database with the tables {@code list} and {@code task} */
    public ExportRepository(Database database, ObjectMapper mapper) {
        this.database = database;
        this.rows = new TaskRow(mapper);
    }

    /** The lists that a person is a member of. */
    List<TaskList> lists(UUID user) {
        return database.read(handle -> handle.createQuery(
                        "SELECT l.id, l.name, l.inbox, l.version, l.created_at, l.updated_at"
                                + " FROM list_member m JOIN list l ON l.id = m.list_id WHERE m.user_id = :user ORDER BY l.id")
                .bind("user", user)
                .map((row) -> new TaskList(
                        row.getColumn("id", UUID.class),
                        row.getColumn("name", String.class),
                        row.getColumn("inbox", Boolean.class),
                        row.getColumn("version", Long.class),
                        row.getColumn("created_at", Instant.class),
                        row.getColumn("updated_at", Instant.class)))
                .list());
    }

    /** A part of the tasks of a list, none for who is no member of it (any more). */
    List<Task> tasks(UUID user, UUID list, Optional<UUID> after, int limit) {
        String sql = "SELECT " + TaskRow.columns("t") + " FROM list_member m JOIN task t ON t.list_id = m.list_id"
                + " WHERE m.user_id = :user AND m.list_id = :list AND t.list_id = :list AND t.deleted_at IS NULL"
                + (after.isPresent() ? " AND t.id > :after" : "") + " ORDER BY t.id LIMIT :limit";
        return database.read(handle -> {
            var query = handle.createQuery(sql)
                    .bind("user", user)
                    .bind("list", list)
                    .bind("limit", limit);
            after.ifPresent(id -> query.bind("after", id));
            return query.map(rows::task).list();
        });
    }
}
