// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.password;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A word that a guesser tries because of whose password it is, or where: the username, the name of the service. With
 * digits or other signs before and after it, backwards or several times in a row, it is still that word.
 */
final class ContextWord {
    /** Of a shorter word nearly everything is a variation. */
    private static final int MIN_LENGTH = 3;

    private final String whole;
    private final Set<String> forms;

    /** @param word in any case */
    ContextWord(String word) {
        this.whole = Simplified.of(word);
        this.forms = forms(whole)
                .filter(form -> length(form) >= MIN_LENGTH)
                .flatMap(form ->
                        Stream.of(form, new StringBuilder(form).reverse().toString()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether a guesser who knows the word would soon try this password. */
    boolean isIn(String password) {
        String simplified = Simplified.of(password);
        return simplified.equals(whole)
                || forms(simplified).anyMatch(form -> forms.stream().anyMatch(word -> isRepeated(word, form)));
    }

    /** The text, and what is between its first and its last letter. */
    private static Stream<String> forms(String text) {
        List<Integer> points = text.codePoints().boxed().toList();
        int start = 0;
        int end = points.size();
        while (start < end && !Character.isLetter(points.get(start))) {
            start++;
        }
        while (start < end && !Character.isLetter(points.get(end - 1))) {
            end--;
        }
        String core =
                points.subList(start, end).stream().map(Character::toString).collect(Collectors.joining());
        return Stream.of(text, core);
    }

    private static boolean isRepeated(String word, String text) {
        int times = text.length() / word.length();
        return times > 0 && text.equals(word.repeat(times));
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
