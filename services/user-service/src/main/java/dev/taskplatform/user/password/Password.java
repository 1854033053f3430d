// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.password;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.text.Normalizer.Form;

/**
 * A password as a person typed it, in Normalization Form C, so that it does not depend on the keyboard (NIST SP 800-63B,
 * section 3.1.1.2).
 */
public final class Password {
    private final String text;

    private Password(String text) {
        this.text = text;
    }

    /** A password to compare with; may be one that could not be chosen today. */
    public static Password of(String text) {
        return new Password(Normalizer.normalize(text, Form.NFC));
    }

    /** Length in code points. */
    int length() {
        return text.codePointCount(0, text.length());
    }

    /** UTF-8, for the hash function alone. */
    byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "Password[hidden]";
    }
}
