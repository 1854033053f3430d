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

    /** The request must say which state of the resource it is meant for (RFC 6585, section 3). */
    public static final ProblemType PRECONDITION_REQUIRED =
            new ProblemType("precondition-required", Status.PRECONDITION_REQUIRED_428, "The request needs a condition");

    private Preconditions() {}

    /** 428: there is no {@code If-Match}. */
    public static ProblemException required() {
        return new ProblemException(
                PRECONDITION_REQUIRED,
                "Read the resource, and send its ETag in the header If-Match, so that no change in between is lost.");
    }

    /** 412: no tag of {@code If-Match} is the current one. */
    public static ProblemException failed() {
        return new ProblemException(
                PRECONDITION_FAILED,
                "The resource is not as the If-Match header says. Read it again and repeat the change on what it is now.");
    }
}
