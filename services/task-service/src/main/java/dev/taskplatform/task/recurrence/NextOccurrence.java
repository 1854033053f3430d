// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.recurrence;

import dev.taskplatform.kit.id.UuidGenerator;
import dev.taskplatform.task.task.CalendarTime;
import dev.taskplatform.task.task.Recurrence;
import dev.taskplatform.task.task.Task;
import dev.taskplatform.task.task.TaskChange;
import dev.taskplatform.task.task.TaskFields;
import dev.taskplatform.task.task.TaskListener;
import dev.taskplatform.task.task.TaskStatus;
import dev.taskplatform.task.task.TaskWrites;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes the next task of one that comes again, when that is done. The recurrence goes on to the new one, so that it is made
 * once, whoever is quicker and however often a task is done.
 */
public final class NextOccurrence implements TaskListener {
    private final UuidGenerator ids;

    /** Collaborators. */
    public NextOccurrence(UuidGenerator ids) {
        this.ids = ids;
    }

    @Override
    public void changed(TaskChange change, TaskWrites writes) {
        Task after = change.after();
        Optional<Task> open =
                change.before().filter(before -> before.fields().status() != TaskStatus.DONE && after.isThere());
        if (open.isEmpty() || after.fields().status() != TaskStatus.DONE) {
            return;
        }
        Optional<Recurrence> recurrence = open.get().fields().recurrence();
        Optional<UUID> actor = change.actor();
        if (recurrence.isPresent() && actor.isPresent()) {
            next(after, recurrence.get(), after.updatedAt())
                    .ifPresent(fields -> writes.add(
                            actor.get(),
                            Task.create(ids.next(), after.list(), actor.get(), fields, after.updatedAt())));
        }
    }

    private static Optional<TaskFields> next(Task done, Recurrence recurrence, Instant now) {
        TaskFields fields = done.fields();
        Optional<CalendarTime> anchor = fields.due().or(fields::start);
        return anchor.flatMap(time -> Occurrences.after(time, recurrence, now))
                .map(next -> fields.again(
                        fields.due().map(due -> next.time()),
                        fields.start().map(start -> shifted(start, anchor.get(), next.time())),
                        next.rest()));
    }

    /** As far before or after the new time as before, by the clock of its zone. */
    private static CalendarTime shifted(CalendarTime start, CalendarTime from, CalendarTime to) {
        long days = ChronoUnit.DAYS.between(from.date(), to.date());
        if (start.time().isEmpty()) {
            return CalendarTime.of(start.date().plusDays(days).toString());
        }
        if (start.zone().isPresent()) {
            ZonedDateTime time = start.time()
                    .get()
                    .toLocalDateTime()
                    .plusDays(days)
                    .atZone(start.zone().get());
            return CalendarTime.of(time.toOffsetDateTime().format(DateTimeFormatter.ISO_OFFSET_DATE_TIME) + "["
                    + start.zone().get().getId() + "]");
        }
        Duration distance = Duration.between(from.sortKey(), to.sortKey());
        return CalendarTime.of(start.time().get().plus(distance).format(DateTimeFormatter.ISO_OFFSET_DATE_TIME));
    }
}
