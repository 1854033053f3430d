// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.taskplatform.kit.problem.InvalidValueException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** How far a task is. */
public enum TaskStatus {
    TODO("todo"),
    IN_PROGRESS("in_progress"),
    DONE("done");

    private final String text;

    TaskStatus(String text) {
        this.text = text;
    }

    /** As it is written in JSON, in queries and in the database. */
    @JsonValue
    public String text() {
        return text;
    }

    /** @throws InvalidValueException when it is none */
    public static TaskStatus of(String text) {
        return Arrays.stream(values())
                .filter(status -> status.text.equals(text))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException("A status is one of "
                        + Arrays.stream(values()).map(TaskStatus::text).collect(Collectors.joining(", ")) + "."));
    }
}
