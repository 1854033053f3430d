// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.session;

import dev.taskplatform.kit.auth.Actor;
import java.util.UUID;

/** What a person may have to prove beside the password. */
public interface SecondFactor {
    /** Whether this person has to. */
    boolean isEnabled(UUID userId);

    /**
     * Takes a code, which works once: of several attempts with one code at most one is answered true.
     *
     * @param code as typed
     * @param actor who tries, for the audit log
     */
    boolean accept(UUID userId, String code, Actor actor);
}
