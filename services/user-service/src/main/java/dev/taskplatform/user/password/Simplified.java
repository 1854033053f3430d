// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.password;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Locale;

/** Text reduced to what makes a guess another one: neither case nor the form of a character does. */
final class Simplified {
    private Simplified() {}

    /** In Normalization Form KC and lower case. */
    static String of(String text) {
        // Upper case first: some letters meet only there.
        return Normalizer.normalize(text, Form.NFKC).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }
}
