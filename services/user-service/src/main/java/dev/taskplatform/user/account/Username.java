// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.kit.problem.InvalidValueException;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name a person signs in with: 1 to 64 letters and digits of any script and {@code . _ @ + -}. Names that look the
 * same in Unicode's compatibility form, or differ in case only, are one name. A new one has to pass the
 * {@link UsernamePolicy} as well.
 *
 * @param value as it is shown, in Normalization Form KC
 */
public record Username(String value) {
    private static final int MAX_LENGTH = 64;
    private static final Pattern ALLOWED = Pattern.compile("[\\p{L}\\p{N}._@+-][\\p{L}\\p{M}\\p{N}._@+-]*");

    /**
     * @param text as the person typed it
     * @throws InvalidValueException if it is empty, too long or has other characters
     */
    public static Username of(String text) {
        String value = Normalizer.normalize(text, Form.NFKC);
        int length = value.codePointCount(0, value.length());
        if (length == 0 || length > MAX_LENGTH) {
            throw new InvalidValueException("A username has 1 to " + MAX_LENGTH + " characters.");
        }
        if (!ALLOWED.matcher(value).matches()) {
            throw new InvalidValueException("A username has only letters, digits and the characters . _ @ + -");
        }
        return new Username(value);
    }

    /** The username that somebody may have registered with this text; none if it could not be registered. */
    public static Optional<Username> find(String text) {
        try {
            return Optional.of(of(text));
        } catch (InvalidValueException e) {
            return Optional.empty();
        }
    }

    /** Equal for texts that are one name, also where nobody can have it. */
    public static String keyOf(String text) {
        return find(text).map(Username::key).orElse(text);
    }

    /** Equal for names that are one name. */
    public String key() {
        return Lookalikes.fold(value);
    }

    /** Equal for names that a reader may take for each other; names that are one name may differ in it. */
    public String skeleton() {
        return Lookalikes.skeleton(value);
    }
}
