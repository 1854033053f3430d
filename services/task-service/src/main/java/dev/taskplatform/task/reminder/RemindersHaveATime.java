// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.reminder;

import dev.taskplatform.kit.problem.FieldError;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.task.task.Reminder;
import dev.taskplatform.task.task.Task;
import dev.taskplatform.task.task.TaskRule;
import java.util.Optional;

/** What is to be reminded of before it is due is due at some time. */
public final class RemindersHaveATime implements TaskRule {
    @Override
    public void check(Optional<Task> before, Task after) {
        if (after.fields().due().isEmpty()
                && after.fields().reminders().stream().anyMatch(Reminder::isRelative)) {
            throw ProblemException.invalidField(FieldError.value(
                    "reminders", "A reminder such as -PT30M needs a due; give the task one, or say the instant."));
        }
    }
}
