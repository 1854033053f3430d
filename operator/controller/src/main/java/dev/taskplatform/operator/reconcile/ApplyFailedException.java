// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.reconcile;

import dev.taskplatform.operator.status.Assessment;
import dev.taskplatform.operator.status.Problem;
import java.util.stream.Collectors;

/** The API server refused some of the requests of a reconciliation, which makes it worth another try. */
final class ApplyFailedException extends Exception {

    private final transient Assessment assessment;

    ApplyFailedException(Assessment assessment) {
        super(assessment.problems().stream().map(Problem::message).collect(Collectors.joining("; ")));
        this.assessment = assessment;
    }

    Assessment assessment() {
        return assessment;
    }
}
