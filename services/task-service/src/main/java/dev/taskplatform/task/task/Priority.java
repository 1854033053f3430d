// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import dev.taskplatform.kit.json.Choice;
import dev.taskplatform.kit.problem.InvalidValueException;

/** How much depends on a task; in the database its place in this order, from 0. */
public enum Priority implements Choice {
    NONE,
    LOW,
    MEDIUM,
    HIGH,
    URGENT;

    /** @throws InvalidValueException when it is none */
    public static Priority of(String text) {
        return Choice.of(Priority.class, "A priority", text);
    }
}
