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
        return new Draft(title).done();
    }

    /** The same with a description. */
    public TaskFields describedAs(String text) {
        Draft draft = new Draft(this);
        draft.description = Optional.of(text);
        return draft.done();
    }

    /** The same with another status. */
    public TaskFields withStatus(TaskStatus other) {
        Draft draft = new Draft(this);
        draft.status = other;
        return draft.done();
    }

    /** The same, assigned to others. */
    public TaskFields assignedTo(List<UUID> users) {
        Draft draft = new Draft(this);
        draft.assignees = users;
        return draft.done();
    }

    /** The same at another place among others. */
    public TaskFields linkedTo(Optional<UUID> otherParent, List<UUID> blockers) {
        Draft draft = new Draft(this);
        draft.parent = otherParent;
        draft.blockedBy = blockers;
        return draft.done();
    }

    /**
     * What is to be done another time.
     *
     * @param rest when it comes again after that
     */
    public TaskFields again(
            Optional<CalendarTime> otherDue, Optional<CalendarTime> otherStart, Optional<Recurrence> rest) {
        Draft draft = new Draft(linkedTo(parent, List.of()));
        draft.status = TaskStatus.TODO;
        draft.due = otherDue;
        draft.start = otherStart;
        draft.recurrence = rest;
        return draft.done();
    }

    /** The same, which does not come again. */
    TaskFields once() {
        Draft draft = new Draft(this);
        draft.recurrence = Optional.empty();
        return draft.done();
    }

    /** Whether it refers to other tasks. */
    public boolean isLinked() {
        return parent.isPresent() || !blockedBy.isEmpty();
    }

    /** Whether it refers to the same tasks. */
    boolean hasLinksOf(TaskFields other) {
        return parent.equals(other.parent) && blockedBy.equals(other.blockedBy);
    }

    /** Fields that are being changed. */
    private static final class Draft {
        private final String title;
        private final Priority priority;
        private final List<String> labels;
        private final List<Reminder> reminders;
        private Optional<String> description = Optional.empty();
        private TaskStatus status = TaskStatus.TODO;
        private Optional<CalendarTime> due = Optional.empty();
        private Optional<CalendarTime> start = Optional.empty();
        private List<UUID> assignees = List.of();
        private Optional<UUID> parent = Optional.empty();
        private List<UUID> blockedBy = List.of();
        private Optional<Recurrence> recurrence = Optional.empty();

        Draft(String title) {
            this.title = title;
            this.priority = Priority.NONE;
            this.labels = List.of();
            this.reminders = List.of();
        }

        Draft(TaskFields fields) {
            this.title = fields.title;
            this.priority = fields.priority;
            this.labels = fields.labels;
            this.reminders = fields.reminders;
            this.description = fields.description;
            this.status = fields.status;
            this.due = fields.due;
            this.start = fields.start;
            this.assignees = fields.assignees;
            this.parent = fields.parent;
            this.blockedBy = fields.blockedBy;
            this.recurrence = fields.recurrence;
        }

        TaskFields done() {
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
                    recurrence,
                    reminders);
        }
    }
}
