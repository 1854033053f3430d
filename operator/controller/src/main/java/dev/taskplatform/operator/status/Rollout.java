// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.status;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How far the Deployment controller has come.
 *
 * @param desired pods that should run
 * @param ready pods of the current revision that are available
 * @param complete whether all pods that run are of the current revision and available
 */
public record Rollout(int desired, int ready, boolean complete) {

    /**
     * @param deployment a Deployment as the API server has it
     * @return its rollout
     */
    public static Rollout of(Deployment deployment) {
        DeploymentStatus status = Objects.requireNonNullElseGet(deployment.getStatus(), DeploymentStatus::new);
        int desired = number(deployment.getSpec().getReplicas());
        int updated = number(status.getUpdatedReplicas());
        int available = number(status.getAvailableReplicas());
        boolean current = isCurrent(deployment);
        boolean complete =
                current && updated == desired && number(status.getReplicas()) == desired && available == desired;
        // While old pods are still there nobody counts the available ones of the new revision alone.
        int old = number(status.getReplicas()) - updated;
        return new Rollout(desired, current ? Math.clamp(available - old, 0, updated) : 0, complete);
    }

    /**
     * @param deployment a Deployment as the API server has it
     * @return whether its newest revision has made no progress for longer than its {@code progressDeadlineSeconds}
     */
    public static boolean isPastDeadline(Deployment deployment) {
        return isCurrent(deployment)
                && condition(deployment, "Progressing", "False")
                        .filter(condition -> "ProgressDeadlineExceeded".equals(condition.getReason()))
                        .isPresent();
    }

    static Optional<DeploymentCondition> condition(Deployment deployment, String type, String status) {
        return Optional.ofNullable(deployment.getStatus()).map(found -> found.getConditions()).stream()
                .flatMap(List::stream)
                .filter(condition -> condition.getType().equals(type)
                        && condition.getStatus().equals(status))
                .findFirst();
    }

    private static boolean isCurrent(Deployment deployment) {
        return Optional.ofNullable(deployment.getStatus())
                        .map(DeploymentStatus::getObservedGeneration)
                        .orElse(0L)
                >= deployment.getMetadata().getGeneration();
    }

    private static int number(Integer value) {
        return Objects.requireNonNullElse(value, 0);
    }
}
