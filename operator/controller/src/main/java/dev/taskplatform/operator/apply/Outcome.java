// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.apply;

import dev.taskplatform.operator.status.Problem;
import java.util.List;

/**
 * What came of bringing the cluster to the desired state.
 *
 * @param problems what stood in the way, in the order of the objects
 * @param held names of the Deployments whose change waits for its turn
 * @param restarts whose pods are being replaced because of a change
 * @param failed whether the API server refused a request, which is worth another try soon
 */
public record Outcome(List<Problem> problems, List<String> held, List<Restart> restarts, boolean failed) {

    /** Nothing was done. */
    public static final Outcome NONE = new Outcome(List.of(), List.of(), List.of(), false);

    public Outcome {
        problems = List.copyOf(problems);
        held = List.copyOf(held);
        restarts = List.copyOf(restarts);
    }

    /**
     * @param problem the only problem
     * @return the outcome when nothing could be done because of it
     */
    public static Outcome of(Problem problem) {
        return new Outcome(List.of(problem), List.of(), List.of(), false);
    }
}
