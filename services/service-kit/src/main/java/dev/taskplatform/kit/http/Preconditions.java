// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.http;

import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import io.helidon.http.Status;

/** Answers to conditional requests. */
public final class Preconditions {
    /** The resource changed since the client read it. */
    public static final ProblemType PRECONDITION_FAILED =
            new ProblemType("precondition-failed", Status.PRECONDITION_FAILED_412, "The resource has changed");

    private Preconditions() {}

    /** 412: no tag of {@code If-Match} is the current one. */
    public static ProblemException failed() {
        return new ProblemException(
                PRECONDITION_FAILED,
                "The resource is not as the If-Match header says. Read it again and repeat the change on what it is now.");
    }
}
