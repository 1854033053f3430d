// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.find;

import dev.taskplatform.kit.problem.InvalidValueException;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The words of a search. Nothing else of what somebody typed reaches the database, so none of it is an operator there. */
final class Words {
    private static final int MAX_LENGTH = 200;
    private static final int MOST = 10;
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");

    private Words() {}

    /** @throws InvalidValueException when there is none, or too much */
    static List<String> of(String text) {
        List<String> words = WORD.matcher(Normalizer.normalize(text, Form.NFC).toLowerCase(Locale.ROOT))
                .results()
                .map(MatchResult::group)
                .distinct()
                .toList();
        if (text.length() > MAX_LENGTH || words.isEmpty() || words.size() > MOST) {
            throw new InvalidValueException("A search has 1 to %d words of letters and digits, and up to %d characters."
                    .formatted(MOST, MAX_LENGTH));
        }
        return words;
    }
}
