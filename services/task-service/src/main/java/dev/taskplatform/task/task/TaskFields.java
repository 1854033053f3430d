// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What people write about a task.
 *
 * @param title see {@link TaskText#title}
 * @param description Markdown, kept as it is; see {@link TaskText#description}
 * @param labels without repetition; see {@link TaskText#label}
 * @param assignees members of the task's list, without repetition
 * @param parent the task that this is a part of, in the same list
 * @param blockedBy tasks of the same list that must be done before, without repetition
 * @param recurrence when it comes again once it is done
 * @param reminders when to remind of it, without repetition
 */
public record TaskFields(
        String title,
        Optional<String> description,
        TaskStatus status,
        Priority priority,
        Optional<CalendarTime> due,
        Optional<CalendarTime> start,
        List<String> labels,
        List<UUID> assignees,
        Optional<UUID> parent,
        List<UUID> blockedBy,
        Optional<Recurrence> recurrence,
        List<Reminder> reminders) {

    /** A task of which nothing else is said. */
    public static TaskFields of(String title) {
        return new TaskFields(
                title,
                Optional.empty(),
                TaskStatus.TODO,
                Priority.NONE,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                List.of());
    }

    /** The same, which does not come again. */
    TaskFields once() {
        return new TaskFields(
                title,
                description,
                status,
                priority,
                due,
                start,
                labels,
                assignees,
                parent,
                blockedBy,
                Optional.empty(),
                reminders);
    }

    /** Whether it refers to other tasks. */
    public boolean isLinked() {
        return parent.isPresent() || !blockedBy.isEmpty();
    }

    /** Whether it refers to the same tasks. */
    boolean hasLinksOf(TaskFields other) {
        return parent.equals(other.parent) && blockedBy.equals(other.blockedBy);
    }

    /** The same with a description. */
    public TaskFields describedAs(String text) {
        return new TaskFields(
                title,
                Optional.of(text),
                status,
                priority,
                due,
                start,
                labels,
                assignees,
                parent,
                blockedBy,
                recurrence,
                reminders);
    }

    /** The same with another status. */
    public TaskFields withStatus(TaskStatus other) {
        return new TaskFields(
                title,
                description,
                other,
                priority,
                due,
                start,
                labels,
                assignees,
                parent,
                blockedBy,
                recurrence,
                reminders);
    }

    /** The same, assigned to others. */
    public TaskFields assignedTo(List<UUID> users) {
        return new TaskFields(
                title,
                description,
                status,
                priority,
                due,
                start,
                labels,
                users,
                parent,
                blockedBy,
                recurrence,
                reminders);
    }

    /** The same at another place among others. */
    public TaskFields linkedTo(Optional<UUID> otherParent, List<UUID> blockers) {
        return new TaskFields(
                title,
                description,
                status,
                priority,
                due,
                start,
                labels,
                assignees,
                otherParent,
                blockers,
                recurrence,
                reminders);
    }
}
