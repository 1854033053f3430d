// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.user.password.Password;
import java.util.Optional;

/** Makes sure that it is the owner who asks for what cannot be undone, and not whoever found their session open. */
public interface Reauthentication {
    /**
     * Returns if the credentials are the account's. Not to be called in a transaction, as it takes as long as a sign-in.
     *
     * @param code of the second factor, for accounts that have one
     * @throws dev.taskplatform.kit.problem.ProblemException if they are not, or cannot be checked now, such as after too many
     *     attempts
     */
    void require(Account account, Password password, Optional<String> code, Actor actor);
}
