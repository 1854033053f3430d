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
 * @param pods its pods, old and new
 * @param volumePhase phase of its volume claim, if it has one
 */
public record Observation(
        String service, Optional<Deployment> deployment, List<Pod> pods, Optional<String> volumePhase) {

    public Observation {
        pods = List.copyOf(pods);
    }
}
