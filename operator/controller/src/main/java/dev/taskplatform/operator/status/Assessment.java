// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.status;

import dev.taskplatform.operator.api.TaskPlatformStatus.PlannedChange;
import java.util.List;
import java.util.Optional;

/**
 * What a reconciliation has found out about a resource.
 *
 * @param problems what keeps the spec from being applied
 * @param held names of the Deployments whose change waits for another
 * @param rolledBack what was taken back because it did not become healthy
 * @param plan what would change if the resource were not paused, or the operator's upgrade approved
 * @param planRevision what approves the plan
 * @param revision name of the revision that ran healthily last
 * @param warnings what has no effect or is likely not meant
 * @param data what is known of the data as a whole
 */
public record Assessment(
        List<Problem> problems,
        List<String> held,
        Optional<RolledBack> rolledBack,
        List<PlannedChange> plan,
        Optional<String> planRevision,
        Optional<String> revision,
        List<String> warnings,
        DataState data) {

    public Assessment {
        problems = List.copyOf(problems);
        held = List.copyOf(held);
        plan = List.copyOf(plan);
        warnings = List.copyOf(warnings);
    }

    /**
     * @param problem the only thing that is known
     * @param data what is known of the data as a whole
     * @return the assessment when nothing could be done because of it
     */
    public static Assessment of(Problem problem, DataState data) {
        return new Assessment(
                List.of(problem),
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                data);
    }

    /**
     * A change that was taken back.
     *
     * @param failed name of the ControllerRevision that remembers it
     * @param cause why it did not become healthy
     */
    public record RolledBack(String failed, Problem cause) {

        /** @return the same for people, with what to do */
        Problem problem() {
            return new Problem(
                    "RolledBack",
                    ("What the resource asks for did not become healthy, and what ran before runs again. %s. Change the resource,"
                                    + " or, to try the same once more, `kubectl delete controllerrevision %s`")
                            .formatted(cause.message(), failed));
        }
    }
}
