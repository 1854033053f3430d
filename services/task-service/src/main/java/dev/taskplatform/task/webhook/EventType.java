// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.webhook;

import dev.taskplatform.kit.json.Choice;
import dev.taskplatform.task.task.TaskChange;
import dev.taskplatform.task.task.TaskStatus;
import java.util.Locale;

/** What a webhook is told of. */
enum EventType implements Choice {
    TASK_CREATED,
    TASK_CHANGED,
    /** Changed, and done from then on. */
    TASK_COMPLETED,
    /** Put into the trash. */
    TASK_DELETED,
    TASK_RESTORED,
    /** The time of one of its reminders has come. */
    TASK_REMINDER,
    /** Nothing happened; its owner wanted to see whether it works. Every webhook gets it. */
    WEBHOOK_TEST;

    @Override
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }

    static EventType of(String text) {
        return Choice.of(EventType.class, "An event", text);
    }

    static EventType of(TaskChange change) {
        if (change.before().isEmpty()) {
            return TASK_CREATED;
        }
        boolean wasThere = change.before().get().isThere();
        if (wasThere != change.after().isThere()) {
            return wasThere ? TASK_DELETED : TASK_RESTORED;
        }
        boolean isDone = change.after().fields().status() == TaskStatus.DONE;
        boolean wasDone = change.before().get().fields().status() == TaskStatus.DONE;
        return isDone && !wasDone ? TASK_COMPLETED : TASK_CHANGED;
    }
}
