// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.kit.auth.Actor;
import java.util.Optional;
import java.util.UUID;

/** Ends the sessions of an account when it changes in a way that they must not survive. */
public interface SessionEnder {
    /**
     * Ends all sessions of an account, in the transaction of the change.
     *
     * @param except stays; none if empty
     * @param reason a word in kebab-case, for the audit log
     * @param actor who made the change
     */
    void endAll(UUID userId, Optional<UUID> except, String reason, Actor actor);
}
