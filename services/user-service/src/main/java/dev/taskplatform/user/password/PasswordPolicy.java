// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.password;

import dev.taskplatform.kit.problem.InvalidValueException;

/**
 * What can be chosen as a password: any characters, by length alone (NIST SP 800-63B, section 3.1.1.2).
 *
 * @param minLength in code points
 */
public record PasswordPolicy(int minLength) {
    private static final int MAX_LENGTH = 128;

    /** @throws IllegalArgumentException if nobody could choose a password */
    public PasswordPolicy {
        if (minLength < 1 || minLength > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "password.min-length: must be 1 to %d, but is %d".formatted(MAX_LENGTH, minLength));
        }
    }

    /**
     * A new password.
     *
     * @throws InvalidValueException if it is too short or too long
     */
    public Password accept(String text) {
        Password password = Password.of(text);
        if (password.length() < minLength || password.length() > MAX_LENGTH) {
            throw new InvalidValueException("A password has " + minLength + " to " + MAX_LENGTH + " characters.");
        }
        return password;
    }
}
