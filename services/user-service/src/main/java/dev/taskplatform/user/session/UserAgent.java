// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.session;

import java.util.Optional;

/**
 * How a program calls itself, for the person to recognise it. Nothing depends on it.
 *
 * @param text 1 to 256 characters, all of them visible or spaces
 */
public record UserAgent(String text) {
    private static final int MAX_LENGTH = 256;

    /** What a {@code User-Agent} header says, cut off where it is too long; empty if it says nothing. */
    public static Optional<UserAgent> find(String header) {
        int[] visible = header.codePoints()
                .map(c -> Character.isWhitespace(c) ? ' ' : c)
                .filter(UserAgent::isVisible)
                .limit(MAX_LENGTH)
                .toArray();
        String text = new String(visible, 0, visible.length).strip();
        return text.isEmpty() ? Optional.empty() : Optional.of(new UserAgent(text));
    }

    private static boolean isVisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
