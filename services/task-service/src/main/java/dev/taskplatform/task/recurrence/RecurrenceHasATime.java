// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.recurrence;

import dev.taskplatform.kit.problem.FieldError;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.task.task.CalendarTime;
import dev.taskplatform.task.task.Recurrence;
import dev.taskplatform.task.task.Task;
import dev.taskplatform.task.task.TaskRule;
import java.util.Optional;

/** What comes again has a time to come again after, and one that is as fine as its rule. */
public final class RecurrenceHasATime implements TaskRule {
    @Override
    public void check(Optional<Task> before, Task after) {
        Optional<Recurrence> recurrence = after.fields().recurrence();
        if (recurrence.isEmpty()) {
            return;
        }
        Optional<CalendarTime> anchor = after.fields().due().or(after.fields()::start);
        if (anchor.isEmpty()) {
            throw refused("A task that comes again needs a due or a start.");
        }
        if (recurrence.get().isHourly() && anchor.get().time().isEmpty()) {
            throw refused("What is due on a day comes again every day at most; give due a time, or take FREQ=DAILY.");
        }
    }

    private static ProblemException refused(String detail) {
        return ProblemException.invalidField(FieldError.value("recurrence", detail));
    }
}
