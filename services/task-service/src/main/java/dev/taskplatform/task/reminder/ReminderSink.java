// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.reminder;

import dev.taskplatform.task.task.Reminder;
import dev.taskplatform.task.task.Task;

/** Tells persons of what they wanted to be reminded of. */
@FunctionalInterface
public interface ReminderSink {
    /** Called in the transaction that takes the reminder off, so that it is told just once. */
    void remind(Task task, Reminder reminder);
}
