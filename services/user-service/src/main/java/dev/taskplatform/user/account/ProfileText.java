// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.kit.problem.InvalidValueException;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.regex.Pattern;

/** What people tell of themselves, and administrators of them; lengths count code points. */
public final class ProfileText {
    private static final int MAX_DISPLAY_NAME = 128;
    /** Of a path in RFC 5321, section 4.5.3.1.3, without its brackets. */
    private static final int MAX_EMAIL = 254;

    private static final int MAX_NOTE = 500;
    /** What a mail server would be asked to deliver to; whether it can is known only then. */
    private static final Pattern EMAIL = Pattern.compile("[^@\\p{Z}\\p{Cc}\\p{Cf}]+@[^@\\p{Z}\\p{Cc}\\p{Cf}]+");

    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]");

    private ProfileText() {}

    /** @throws InvalidValueException when it is blank or too long, or is more than a line */
    public static String displayName(String text) {
        String name =
                line("A display name", Normalizer.normalize(text, Form.NFC).strip());
        if (name.isBlank()) {
            throw new InvalidValueException("A display name must have a character that can be seen; null removes it.");
        }
        return atMost(MAX_DISPLAY_NAME, "A display name", name);
    }

    /** @throws InvalidValueException when no mail could be sent there */
    public static String email(String text) {
        if (!EMAIL.matcher(text).matches()) {
            throw new InvalidValueException("An e-mail address is of the form name@example.com.");
        }
        return atMost(MAX_EMAIL, "An e-mail address", text);
    }

    /** @throws InvalidValueException when it is too long or is more than a line */
    public static String note(String text) {
        return atMost(MAX_NOTE, "A note", line("A note", text));
    }

    private static String line(String what, String text) {
        if (CONTROL.matcher(text).find()) {
            throw new InvalidValueException(what + " must not have control characters, such as line breaks.");
        }
        return text;
    }

    private static String atMost(int limit, String what, String text) {
        int length = text.codePointCount(0, text.length());
        if (length > limit) {
            throw new InvalidValueException("%s has up to %d characters; this has %d.".formatted(what, limit, length));
        }
        return text;
    }
}
