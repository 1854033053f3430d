// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.comment;

import dev.taskplatform.kit.problem.InvalidValueException;

/** What people may say; lengths count code points. */
final class CommentText {
    static final int MAX = 10_000;

    private CommentText() {}

    /** @throws InvalidValueException when it is blank or too long */
    static String of(String text) {
        int length = text.codePointCount(0, text.length());
        if (text.isBlank() || length > MAX) {
            throw new InvalidValueException(
                    "A comment has 1 to %d characters, one of which can be seen; this has %d.".formatted(MAX, length));
        }
        return text;
    }
}
