// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.find;

import dev.taskplatform.kit.problem.InvalidValueException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A key to sort by, and in which direction. */
record Sort(SortKey key, boolean descending) {
    private static final int MOST = 3;

    /**
     * The keys in a text such as {@code due,-priority}; ids come last, in the direction of the key before them, so that no two
     * tasks are in the same place.
     *
     * @throws InvalidValueException when one is no key, or there are too many
     */
    static List<Sort> of(String text) {
        List<Sort> sorts = new ArrayList<>();
        Set<SortKey> keys = new HashSet<>();
        for (String part : text.split(",", -1)) {
            boolean descending = part.startsWith("-");
            SortKey key = SortKey.find(descending ? part.substring(1) : part).orElseThrow(Sort::unknown);
            sorts.add(new Sort(key, descending));
            if (!keys.add(key)) {
                throw unknown();
            }
        }
        if (sorts.size() > MOST) {
            throw unknown();
        }
        return whole(sorts);
    }

    /** By one key. */
    static List<Sort> by(SortKey key, boolean descending) {
        return whole(List.of(new Sort(key, descending)));
    }

    private static List<Sort> whole(List<Sort> sorts) {
        List<Sort> whole = new ArrayList<>(sorts);
        whole.add(new Sort(SortKey.ID, sorts.getLast().descending()));
        return whole;
    }

    private static InvalidValueException unknown() {
        return new InvalidValueException(
                "This must be one to %d of %s, each once and with a hyphen before it for the other"
                                .formatted(MOST, SortKey.texts())
                        + " direction, parted by commas, such as due,-priority.");
    }
}
