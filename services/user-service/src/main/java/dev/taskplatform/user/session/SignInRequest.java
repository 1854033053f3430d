// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.session;

import dev.taskplatform.kit.auth.Actor;
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
