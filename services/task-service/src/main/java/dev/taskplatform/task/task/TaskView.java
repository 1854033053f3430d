// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** How a task looks from outside; what is null is not in JSON. */
public record TaskView(
        UUID id,
        UUID listId,
        String title,
        String description,
        TaskStatus status,
        Priority priority,
        CalendarTime due,
        CalendarTime start,
        List<String> labels,
        List<UUID> assignees,
        UUID parentId,
        List<UUID> blockedBy,
        Recurrence recurrence,
        List<Reminder> reminders,
        String position,
        Instant completedAt,
        UUID createdBy,
        Instant createdAt,
        Instant updatedAt,
        Instant deletedAt) {

    /** A task's. */
    public static TaskView of(Task task) {
        TaskFields fields = task.fields();
        return new TaskView(
                task.id(),
                task.list(),
                fields.title(),
                fields.description().orElse(null),
                fields.status(),
                fields.priority(),
                fields.due().orElse(null),
                fields.start().orElse(null),
                fields.labels(),
                fields.assignees(),
                fields.parent().orElse(null),
                fields.blockedBy(),
                fields.recurrence().orElse(null),
                fields.reminders(),
                task.position(),
                task.completedAt().orElse(null),
                task.creator().orElse(null),
                task.createdAt(),
                task.updatedAt(),
                task.deletedAt().orElse(null));
    }
}
