// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.problem;

/** A value from outside is not allowed. The message is for the person who sent it: what is wrong, what is expected. */
public final class InvalidValueException extends RuntimeException {
    /** @param message a sentence that does not repeat the value: it may be a secret */
    public InvalidValueException(String message) {
        super(message);
    }
}
