// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.status;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.Optional;

/** Finds out why the pods of a service do not run, from the pods' and the Deployment's status. */
final class ServiceProblems {

    private ServiceProblems() {}

    static Optional<Problem> of(Observation seen, Deployment deployment) {
        return seen.pods().stream()
                .flatMap(pod -> PodProblems.of(pod).stream())
                .findFirst()
                .map(problem -> withVolume(problem, seen))
                .or(() -> Rollout.condition(deployment, "ReplicaFailure", "True")
                        .map(condition -> new Problem(
                                condition.getMessage().contains("exceeded quota") ? "QuotaExceeded" : "PodsRefused",
                                "The pods of %s are refused: %s".formatted(seen.service(), condition.getMessage()))))
                .or(() -> Rollout.isPastDeadline(deployment)
                        ? Optional.of(new Problem(
                                "RolloutStalled",
                                "The pods of %s have not become ready in time: see their logs"
                                        .formatted(seen.service())))
                        : Optional.empty());
    }

    private static Problem withVolume(Problem problem, Observation seen) {
        boolean pending =
                problem.reason().equals("Unschedulable") && seen.volumePhase().equals(Optional.of("Pending"));
        return pending
                ? new Problem(
                        "VolumePending",
                        "The volume of %s is not there yet; is there a StorageClass that makes one? %s"
                                .formatted(seen.service(), problem.message()))
                : problem;
    }
}
