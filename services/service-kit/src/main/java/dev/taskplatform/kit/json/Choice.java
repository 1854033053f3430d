// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.json;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.taskplatform.kit.problem.InvalidValueException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A value of an enum that has a name outside of this program: its own in small letters, unless it says otherwise. */
public interface Choice {
    /** As it is written in JSON, in queries and in the database; stable. */
    @JsonValue
    default String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The enum's own. */
    String name();

    /** The value with this name. */
    static <E extends Enum<E> & Choice> Optional<E> find(Class<E> type, String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(choice -> choice.text().equals(text))
                .findFirst();
    }

    /**
     * The value with this name.
     *
     * @param what a value is, with its article, as in "A status"
     * @throws InvalidValueException naming all there are, when it is none
     */
    static <E extends Enum<E> & Choice> E of(Class<E> type, String what, String text) {
        return find(type, text)
                .orElseThrow(() -> new InvalidValueException("%s is one of %s."
                        .formatted(
                                what,
                                Arrays.stream(type.getEnumConstants())
                                        .map(Choice::text)
                                        .collect(Collectors.joining(", ")))));
    }
}
