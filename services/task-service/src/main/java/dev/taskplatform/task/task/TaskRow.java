// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.result.RowView;
import org.jdbi.v3.core.statement.SqlStatement;

/** A task and its row of the table {@code task}. */
public final class TaskRow {
    static final List<String> COLUMNS = List.of(
            "id",
            "list_id",
            "creator_id",
            "title",
            "description",
            "status",
            "priority",
            "due",
            "due_at",
            "start",
            "start_at",
            "labels",
            "assignees",
            "parent_id",
            "blocked_by",
            "recurrence",
            "reminders",
            "position",
            "completed_at",
            "deleted_at",
            "version",
            "created_at",
            "updated_at");

    private static final TypeReference<List<String>> STRINGS = new TypeReference<>() {};
    private static final TypeReference<List<UUID>> IDS = new TypeReference<>() {};

    private final ObjectMapper mapper;

    /** @param mapper the service's own */
    public TaskRow(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** What to select of a table with an alias, so that {@link #task} can read it. */
    public static String columns(String alias) {
        return COLUMNS.stream().map(column -> alias + "." + column).collect(Collectors.joining(", "));
    }

    /** The task of a row. */
    public Task task(RowView row) {
        return new Task(
                row.getColumn("id", UUID.class),
                row.getColumn("list_id", UUID.class),
                Optional.ofNullable(row.getColumn("creator_id", UUID.class)),
                fields(row),
                row.getColumn("position", String.class),
                Optional.ofNullable(row.getColumn("completed_at", Instant.class)),
                Optional.ofNullable(row.getColumn("deleted_at", Instant.class)),
                row.getColumn("version", Long.class),
                row.getColumn("created_at", Instant.class),
                row.getColumn("updated_at", Instant.class));
    }

    private TaskFields fields(RowView row) {
        return new TaskFields(
                row.getColumn("title", String.class),
                text(row, "description"),
                TaskStatus.of(row.getColumn("status", String.class)),
                Priority.values()[row.getColumn("priority", Integer.class)],
                text(row, "due").map(CalendarTime::of),
                text(row, "start").map(CalendarTime::of),
                values(row, "labels", STRINGS),
                values(row, "assignees", IDS),
                Optional.ofNullable(row.getColumn("parent_id", UUID.class)),
                values(row, "blocked_by", IDS),
                text(row, "recurrence").map(Recurrence::new),
                values(row, "reminders", STRINGS).stream().map(Reminder::new).toList());
    }

    /** Binds all of a task by the names of the columns. */
    <S extends SqlStatement<S>> S bind(S statement, Task task) {
        TaskFields fields = task.fields();
        return statement
                .bind("id", task.id())
                .bind("list_id", task.list())
                .bind("creator_id", task.creator().orElse(null))
                .bind("title", fields.title())
                .bind("description", fields.description().orElse(null))
                .bind("status", fields.status().text())
                .bind("priority", fields.priority().ordinal())
                .bind("due", fields.due().map(CalendarTime::text).orElse(null))
                .bind("due_at", fields.due().map(CalendarTime::sortKey).orElse(null))
                .bind("start", fields.start().map(CalendarTime::text).orElse(null))
                .bind("start_at", fields.start().map(CalendarTime::sortKey).orElse(null))
                .bind("labels", json(fields.labels()))
                .bind("assignees", json(fields.assignees()))
                .bind("parent_id", fields.parent().orElse(null))
                .bind("blocked_by", json(fields.blockedBy()))
                .bind("recurrence", fields.recurrence().map(Recurrence::text).orElse(null))
                .bind("reminders", json(fields.reminders()))
                .bind("position", task.position())
                .bind("completed_at", task.completedAt().orElse(null))
                .bind("deleted_at", task.deletedAt().orElse(null))
                .bind("version", task.version())
                .bind("created_at", task.createdAt())
                .bind("updated_at", task.updatedAt());
    }

    private static Optional<String> text(RowView row, String column) {
        return Optional.ofNullable(row.getColumn(column, String.class));
    }

    private <T> List<T> values(RowView row, String column, TypeReference<List<T>> type) {
        String json = row.getColumn(column, String.class);
        if (json == null) {
            return List.of();
        }
        try {
            return List.copyOf(mapper.readValue(json, type));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "The column " + column + " of a task has what this service does not write", e);
        }
    }

    /** Null for none, as for most tasks: that takes no space. */
    private String json(List<?> values) {
        if (values.isEmpty()) {
            return null;
        }
        try {
            return mapper.writeValueAsString(values);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Strings and ids are always JSON", e);
        }
    }
}
