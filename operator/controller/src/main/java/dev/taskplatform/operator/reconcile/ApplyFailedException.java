// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.reconcile;

import dev.taskplatform.operator.apply.Outcome;
import dev.taskplatform.operator.status.Problem;
import java.util.stream.Collectors;

/** The API server refused some of the requests of a reconciliation, which makes it worth another try. */
final class ApplyFailedException extends Exception {

    private final transient Outcome outcome;

    ApplyFailedException(Outcome outcome) {
        super(outcome.problems().stream().map(Problem::message).collect(Collectors.joining("; ")));
        this.outcome = outcome;
    }

    Outcome outcome() {
        return outcome;
    }
}
