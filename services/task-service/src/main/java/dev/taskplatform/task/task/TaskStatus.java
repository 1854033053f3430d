// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import dev.taskplatform.kit.json.Choice;
import dev.taskplatform.kit.problem.InvalidValueException;

/** How far a task is. */
public enum TaskStatus implements Choice {
    TODO,
    IN_PROGRESS,
    DONE;

    /** @throws InvalidValueException when it is none */
    public static TaskStatus of(String text) {
        return Choice.of(TaskStatus.class, "A status", text);
    }
}
