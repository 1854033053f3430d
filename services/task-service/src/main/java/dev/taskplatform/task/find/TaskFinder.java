// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.find;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.task.task.Task;
import dev.taskplatform.task.task.TaskRow;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Finds tasks in the service's database. All methods throw
 * {@link dev.taskplatform.kit.database.DatabaseUnavailableException} when the database can't do it now.
 */
public final class TaskFinder {
    private static final int CHUNK = 500;

    private final Database database;
    private final TaskRow rows;

    /** @param database with the tables {@code task}, {@code list_member} and what finds words */
    public TaskFinder(Database database, ObjectMapper mapper) {
        this.database = database;
        this.rows = new TaskRow(mapper);
    }

    /**
     * A part of what a person can see of what is wanted.
     *
     * @param after of the last task before, the values of the keys that it is sorted by; empty at the start
     * @param limit at most so many
     */
    List<Task> find(UUID user, TaskQuery query, List<Object> after, int limit) {
        TaskSql sql = new TaskSql(database.dialect(), query, after);
        String text = sql.text();
        return database.read(handle -> handle.createQuery(text)
                .bind("user", user)
                .bind("limit", limit)
                .bindMap(sql.values())
                .map(rows::task)
                .list());
    }

    /**
     * Gives all that a person can see to somebody, in the order of creation and some at a time.
     *
     * @param list of this list alone
     */
    public void forEach(UUID user, Optional<UUID> list, Consumer<Task> taker) {
        TaskQuery query = TaskQuery.of(list, Set.of(), Sort.by(SortKey.CREATED, false));
        List<Task> chunk = find(user, query, List.of(), CHUNK);
        while (!chunk.isEmpty()) {
            chunk.forEach(taker);
            chunk = chunk.size() < CHUNK ? List.of() : find(user, query, query.place(chunk.getLast()), CHUNK);
        }
    }
}
