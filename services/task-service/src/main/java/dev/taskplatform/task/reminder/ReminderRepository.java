// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.reminder;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.Dialect;
import dev.taskplatform.task.task.Reminder;
import dev.taskplatform.task.task.Task;
import dev.taskplatform.task.task.TaskRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Reminders that are still to come, in the service's database. All methods throw
 * {@link dev.taskplatform.kit.database.DatabaseUnavailableException} when the database can't do it now.
 */
public final class ReminderRepository {
    private final Database database;
    private final TaskRow rows;
    private final String skipping;

    /** @param database with the tables {@code task} and {@code task_reminder} */
    public ReminderRepository(Database database, ObjectMapper mapper) {
        this.database = database;
        this.rows = new TaskRow(mapper);
        this.skipping = database.dialect() == Dialect.POSTGRESQL ? " FOR UPDATE OF r SKIP LOCKED" : "";
    }

    /** A reminder whose time has come. */
    record Due(Task task, Reminder reminder, Instant at) {}

    /** Replaces the reminders of a task. */
    void put(UUID task, Map<Reminder, Instant> reminders) {
        database.write(handle -> {
            handle.createUpdate("DELETE FROM task_reminder WHERE task_id = :task")
                    .bind("task", task)
                    .execute();
            if (!reminders.isEmpty()) {
                var batch = handle.prepareBatch(
                        "INSERT INTO task_reminder (task_id, reminder, remind_at) VALUES (:task, :reminder, :at)");
                reminders.forEach((reminder, at) -> batch.bind("task", task)
                        .bind("reminder", reminder.text())
                        .bind("at", at)
                        .add());
                batch.execute();
            }
            return null;
        });
    }

    /** Takes off reminders whose time has come, at most so many; other replicas take others. */
    List<Due> take(Instant now, int limit) {
        return database.write(handle -> {
            List<Due> due = handle.createQuery("SELECT " + TaskRow.columns("t")
                            + ", r.reminder, r.remind_at FROM task_reminder r JOIN task t ON t.id = r.task_id"
                            + " WHERE r.remind_at <= :now ORDER BY r.remind_at LIMIT :limit" + skipping)
                    .bind("now", now)
                    .bind("limit", limit)
                    .map(row -> new Due(
                            rows.task(row),
                            new Reminder(row.getColumn("reminder", String.class)),
                            row.getColumn("remind_at", Instant.class)))
                    .list();
            for (Due one : due) {
                handle.createUpdate("DELETE FROM task_reminder WHERE task_id = :task AND reminder = :reminder")
                        .bind("task", one.task().id())
                        .bind("reminder", one.reminder().text())
                        .execute();
            }
            return due;
        });
    }
}
