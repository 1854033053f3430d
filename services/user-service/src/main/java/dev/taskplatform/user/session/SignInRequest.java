// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.session;

import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.problem.InvalidValueException;
import dev.taskplatform.user.account.Username;
import dev.taskplatform.user.password.Password;
import java.util.Optional;

/**
 * A person's attempt to sign in.
 *
 * @param typedUsername as typed; belongs to nobody if it could not be registered
 * @param password as typed
 * @param code of the second factor, or a recovery code
 * @param actor where the attempt comes from
 */
public record SignInRequest(String typedUsername, Password password, Optional<String> code, Actor actor) {
    private static final int MAX_CODE_LENGTH = 64;

    /**
     * A code of the second factor, or a recovery code, that may be right.
     *
     * @throws InvalidValueException if it is longer than any is
     */
    public static String code(String text) {
        if (text.codePointCount(0, text.length()) > MAX_CODE_LENGTH) {
            throw new InvalidValueException("A code has at most " + MAX_CODE_LENGTH + " characters.");
        }
        return text;
    }

    /** The username, if it could be one. */
    Optional<Username> username() {
        return Username.find(typedUsername);
    }

    /** Leaves the code out, so that it gets into no log. */
    @Override
    public String toString() {
        return "SignInRequest[hidden]";
    }
}
