// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.find;

import dev.taskplatform.task.task.CalendarTime;
import dev.taskplatform.task.task.Task;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What tasks can be sorted by. What is missing comes last, in either direction. */
enum SortKey {
    CREATED("createdAt", "created_at", Task::createdAt),
    UPDATED("updatedAt", "updated_at", Task::updatedAt),
    POSITION("position", "position", Task::position),
    TITLE("title", "title", task -> task.fields().title()),
    PRIORITY("priority", "priority", task -> task.fields().priority().ordinal()),
    DUE("due", "due_at", task -> instant(task.fields().due())),
    START("start", "start_at", task -> instant(task.fields().start())),
    /** Tells tasks apart that are otherwise in the same place; nobody asks for it. */
    ID("", "id", Task::id);

    private final String text;
    private final String column;
    private final Function<Task, Object> value;

    SortKey(String text, String column, Function<Task, Object> value) {
        this.text = text;
        this.column = column;
        this.value = value;
    }

    static Optional<SortKey> find(String text) {
        return Arrays.stream(values())
                .filter(key -> key != ID && key.text.equals(text))
                .findFirst();
    }

    /** Those that can be asked for. */
    static String texts() {
        return Arrays.stream(values())
                .filter(key -> key != ID)
                .map(key -> key.text)
                .collect(Collectors.joining(", "));
    }

    String column() {
        return column;
    }

    /** Whether a task may have none. */
    boolean isOptional() {
        return this == DUE || this == START;
    }

    /** What a task has; null for nothing. */
    Object of(Task task) {
        return value.apply(task);
    }

    private static Instant instant(Optional<CalendarTime> time) {
        return time.map(CalendarTime::sortKey).orElse(null);
    }
}
