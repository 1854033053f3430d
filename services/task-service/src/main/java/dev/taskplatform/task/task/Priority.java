// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.taskplatform.kit.problem.InvalidValueException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** How much depends on a task; in the database its place in this order, from 0. */
public enum Priority {
    NONE("none"),
    LOW("low"),
    MEDIUM("medium"),
    HIGH("high"),
    URGENT("urgent");

    private final String text;

    Priority(String text) {
        this.text = text;
    }

    /** As it is written in JSON and in queries. */
    @JsonValue
    public String text() {
        return text;
    }

    /** @throws InvalidValueException when it is none */
    public static Priority of(String text) {
        return Arrays.stream(values())
                .filter(priority -> priority.text.equals(text))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException("A priority is one of "
                        + Arrays.stream(values()).map(Priority::text).collect(Collectors.joining(", ")) + "."));
    }
}
