// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.find;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.task.task.Task;
import dev.taskplatform.task.task.TaskRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What open tasks wait for that is open, too. */
public final class OpenGraph {
    private static final String OPEN = "t.status <> 'done' AND t.deleted_at IS NULL";
    private static final String AWAITED = "SELECT d.task_id AS waiting, " + TaskRow.columns("t")
            + " FROM task_dependency d JOIN task t ON t.id = d.blocker_id WHERE d.task_id IN (<ids>) AND " + OPEN
            + " UNION ALL SELECT t.parent_id AS waiting, " + TaskRow.columns("t")
            + " FROM task t WHERE t.parent_id IN (<ids>) AND " + OPEN;

    private final Database database;
    private final TaskRow rows;

    /** @param database with the tables {@code task} and {@code task_dependency} */
    public OpenGraph(Database database, ObjectMapper mapper) {
        this.database = database;
        this.rows = new TaskRow(mapper);
    }

    /** What each of some tasks waits for: what blocks it, and its parts; nothing for those that can be done. */
    Map<UUID, List<Task>> awaited(Collection<UUID> ids) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        return database.read(handle -> {
            Map<UUID, List<Task>> result = new HashMap<>();
            handle.createQuery(AWAITED)
                    .bindList("ids", List.copyOf(ids))
                    .map(row -> Map.entry(row.getColumn("waiting", UUID.class), rows.task(row)))
                    .forEach(wait -> result.computeIfAbsent(wait.getKey(), id -> new ArrayList<>())
                            .add(wait.getValue()));
            return result;
        });
    }
}
