// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import dev.taskplatform.kit.problem.InvalidValueException;

/** What people may write into a task; lengths count code points. */
public final class TaskText {
    public static final int MAX_TITLE = 200;
    public static final int MAX_DESCRIPTION = 10_000;

    private TaskText() {}

    /** @throws InvalidValueException when it is blank or too long */
    public static String title(String text) {
        if (text.isBlank()) {
            throw new InvalidValueException("A title must have a character that can be seen.");
        }
        return atMost(MAX_TITLE, "A title", text);
    }

    /** @throws InvalidValueException when it is too long */
    public static String description(String text) {
        return atMost(MAX_DESCRIPTION, "A description", text);
    }

    private static String atMost(int limit, String what, String text) {
        int length = text.codePointCount(0, text.length());
        if (length > limit) {
            throw new InvalidValueException("%s has up to %d characters; this has %d.".formatted(what, limit, length));
        }
        return text;
    }
}
