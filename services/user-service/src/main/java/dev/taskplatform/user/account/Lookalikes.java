// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import com.ibm.icu.text.Bidi;
import com.ibm.icu.text.SpoofChecker;
import com.ibm.icu.text.SpoofChecker.CheckResult;
import com.ibm.icu.text.SpoofChecker.RestrictionLevel;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Locale;
import java.util.Optional;

/** Which names look like others (Unicode Technical Standard 39, Unicode Security Mechanisms). */
final class Lookalikes {
    private static final SpoofChecker CHECKER = new SpoofChecker.Builder()
            .setChecks(SpoofChecker.RESTRICTION_LEVEL
                    | SpoofChecker.MIXED_NUMBERS
                    | SpoofChecker.INVISIBLE
                    | SpoofChecker.HIDDEN_OVERLAY)
            .setRestrictionLevel(RestrictionLevel.HIGHLY_RESTRICTIVE)
            .build();

    private Lookalikes() {}

    /** Equal for texts that differ in case only. */
    static String fold(String text) {
        // Upper case first: some letters meet only there, such as the two sigmas.
        String folded = text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        return Normalizer.normalize(folded, Form.NFKC);
    }

    /**
     * Equal for texts that a reader may take for each other (section 4), whatever their case. Made to be compared, not to
     * be shown.
     */
    static String skeleton(String text) {
        // What the letters look like as they stand, in the order in which they are shown; then once more, as case does
        // not count: the Cyrillic capitals that look like COM look like com, too.
        return CHECKER.getSkeleton(fold(CHECKER.getBidiSkeleton(Bidi.LTR, text)));
    }

    /**
     * Why a text may not be a new name.
     *
     * @return a sentence; empty if it may be one
     */
    static Optional<String> objection(String text) {
        CheckResult result = new CheckResult();
        if (!CHECKER.failsChecks(text, result)) {
            return Optional.empty();
        }
        if ((result.checks & SpoofChecker.RESTRICTION_LEVEL) != 0) {
            // Section 5.2, "highly restrictive".
            return Optional.of(
                    "A username must not mix scripts, as letters of one can pass for another's; only Chinese,"
                            + " Japanese and Korean may stand beside Latin.");
        }
        if ((result.checks & SpoofChecker.MIXED_NUMBERS) != 0) {
            return Optional.of("A username must not mix the digits of several scripts.");
        }
        return Optional.of("A username must not have marks that cannot be seen, such as an accent twice.");
    }
}
