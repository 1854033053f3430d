// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.status;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;
import java.util.Optional;

/**
 * What is seen of one service in the cluster.
 *
 * @param service user-service or task-service
 * @param deployment its Deployment
 * @param revision digest of what its pods are made from, if the operator knows it
 * @param pods its pods, old and new
 * @param volumePhase phase of its volume claim, if it has one
 */
public record Observation(
        String service,
        Optional<Deployment> deployment,
        Optional<String> revision,
        List<Pod> pods,
        Optional<String> volumePhase) {

    public Observation {
        pods = List.copyOf(pods);
    }

    /** @return why its pods do not run, in their own words where they have any; empty when they do */
    public Optional<Problem> problem() {
        return deployment
                .filter(found -> !Rollout.of(found).complete())
                .flatMap(found -> ServiceProblems.of(this, found));
    }

    /** @return whether a change of its pods has made no progress until its deadline */
    public boolean isPastDeadline() {
        return deployment.filter(Rollout::isPastDeadline).isPresent();
    }
}
