// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.list;

import dev.taskplatform.kit.json.Choice;
import dev.taskplatform.kit.problem.InvalidValueException;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;

/** What a member may do with a list; each role may do all that those before it may. */
public enum ListRole implements Choice {
    /** Sees the list and its tasks. */
    READ,
    /** Makes, changes and removes tasks. */
    WRITE,
    /** Renames the list, and says who its members are. */
    ADMIN,
    /** The one person that the list belongs to; removes it and gives it away. */
    OWNER;

    private static final ProblemType ROLE_TOO_LOW = ProblemType.of("role-too-low", 403, "The role does not allow this");

    /** @throws InvalidValueException when it is none */
    public static ListRole of(String text) {
        return Choice.of(ListRole.class, "A role", text);
    }

    /** Whether it may do what the other may. */
    public boolean covers(ListRole other) {
        return compareTo(other) >= 0;
    }

    /**
     * Makes sure that it may do what the other may.
     *
     * @throws ProblemException 403 role-too-low
     */
    public void require(ListRole other) {
        if (!covers(other)) {
            throw new ProblemException(
                    ROLE_TOO_LOW,
                    "Your role in this list is %s, and this needs %s. Ask an administrator of the list for it."
                            .formatted(text(), other.text()));
        }
    }
}
