// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Places between places: texts of small letters and digits, compared byte by byte, so that a task moves without another one
 * being written.
 */
final class Positions {
    /** Places that are longer are made anew. */
    static final int LONGEST = 200;

    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";

    private Positions() {}

    /**
     * A place between two others; at the end or the begin of a list, one of them is empty. It does not end in 0, so that there
     * is room before it too.
     *
     * @param lower before the other one; if they are as good as the same, so is the result
     */
    static String between(Optional<String> lower, Optional<String> upper) {
        String low = lower.orElse("");
        StringBuilder result = new StringBuilder();
        boolean bounded = upper.isPresent();
        for (int i = 0; ; i++) {
            if (bounded && i >= low.length() && i >= upper.get().length()) {
                // Nothing is between them.
                return result.toString();
            }
            int from = i < low.length() ? digit(low.charAt(i)) : 0;
            int to = bounded && i < upper.get().length() ? digit(upper.get().charAt(i)) : bounded ? 0 : DIGITS.length();
            if (to < from) {
                throw new IllegalArgumentException("%s is after %s".formatted(low, upper.orElse("")));
            }
            if (to - from > 1) {
                return result.append(DIGITS.charAt(from + (to - from) / 2)).toString();
            }
            result.append(DIGITS.charAt(from));
            // One digit less than the upper bound leaves the rest free.
            bounded &= to == from;
        }
    }

    /** So many places between two others, in their order and about evenly. */
    static List<String> between(Optional<String> lower, Optional<String> upper, int count) {
        List<String> result = new ArrayList<>();
        fill(lower, upper, count, result);
        return result;
    }

    private static void fill(Optional<String> lower, Optional<String> upper, int count, List<String> result) {
        if (count == 0) {
            return;
        }
        String middle = between(lower, upper);
        int before = (count - 1) / 2;
        fill(lower, Optional.of(middle), before, result);
        result.add(middle);
        fill(Optional.of(middle), upper, count - 1 - before, result);
    }

    /** Other characters, as of a file from elsewhere, are as good as the nearest digit. */
    private static int digit(char character) {
        int digit = DIGITS.indexOf(character);
        return digit >= 0 ? digit : character < 'a' ? 9 : DIGITS.length() - 1;
    }
}
