// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.list;

import dev.taskplatform.kit.problem.InvalidValueException;

/** What people may write about a list. */
public final class ListText {
    /** In code points. */
    public static final int MAX_NAME = 100;

    private ListText() {}

    /** @throws InvalidValueException when it is blank or too long */
    public static String name(String text) {
        if (text.isBlank()) {
            throw new InvalidValueException("A name must have a character that can be seen.");
        }
        int length = text.codePointCount(0, text.length());
        if (length > MAX_NAME) {
            throw new InvalidValueException("A name has up to %d characters; this has %d.".formatted(MAX_NAME, length));
        }
        return text;
    }
}
