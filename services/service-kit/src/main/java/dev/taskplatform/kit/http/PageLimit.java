// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.http;

import dev.taskplatform.kit.problem.InvalidValueException;

/** How many items a page may have: the query parameter {@code limit}. */
public final class PageLimit {
    /** When the client says nothing. */
    public static final int DEFAULT = 50;

    private static final int MAX = 200;

    private PageLimit() {}

    /**
     * The number in a text.
     *
     * @throws InvalidValueException when it is none, or not from 1 to 200
     */
    public static int of(String text) {
        return of(text, MAX);
    }

    /** As {@link #of(String)}, for a list whose pages have at most {@code max} items. */
    public static int of(String text, int max) {
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= max) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // as below
        }
        throw new InvalidValueException("A limit is a number from 1 to " + max + ".");
    }
}
