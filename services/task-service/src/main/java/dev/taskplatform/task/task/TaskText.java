// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import dev.taskplatform.kit.problem.InvalidValueException;
import java.text.Normalizer;
import java.text.Normalizer.Form;

/** What people may write into a task; lengths count code points. */
public final class TaskText {
    public static final int MAX_TITLE = 200;
    public static final int MAX_DESCRIPTION = 10_000;
    public static final int MAX_LABEL = 50;

    private TaskText() {}

    /** @throws InvalidValueException when it is blank or too long */
    public static String title(String text) {
        return visible("A title", atMost(MAX_TITLE, "A title", text));
    }

    /** @throws InvalidValueException when it is too long */
    public static String description(String text) {
        return atMost(MAX_DESCRIPTION, "A description", text);
    }

    /**
     * A label without white space around it, in Unicode's form NFC, so that what looks the same is the same.
     *
     * @throws InvalidValueException when it is blank or too long, or has control characters
     */
    public static String label(String text) {
        String label = Normalizer.normalize(text.strip(), Form.NFC);
        if (label.codePoints().anyMatch(Character::isISOControl)) {
            throw new InvalidValueException("A label must not have control characters.");
        }
        return visible("A label", atMost(MAX_LABEL, "A label", label));
    }

    private static String visible(String what, String text) {
        if (text.isBlank()) {
            throw new InvalidValueException(what + " must have a character that can be seen.");
        }
        return text;
    }

    private static String atMost(int limit, String what, String text) {
        int length = text.codePointCount(0, text.length());
        if (length > limit) {
            throw new InvalidValueException("%s has up to %d characters; this has %d.".formatted(what, limit, length));
        }
        return text;
    }
}
