// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;

/**
 * What the operator observed.
 *
 * @param replicas pods of the task service, and {@code selector} selects the same ones: a HorizontalPodAutoscaler on this resource
 *     multiplies the number of pods that the selector finds, so pods of both services would make it scale twice too far
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TaskPlatformStatus(
        @JsonPropertyDescription("The metadata.generation that this status is about.")
        Long observedGeneration,

        @JsonPropertyDescription("Ready, Progressing, Degraded and Paused, each with a reason and a message.")
        List<Condition> conditions,

        @JsonPropertyDescription("State of each service.") List<ServiceStatus> services,

        @JsonPropertyDescription("Selector of the task service's pods, for the scale subresource.") @LabelSelector
        String selector,

        @JsonPropertyDescription("Pods of the task service, for the scale subresource.") @StatusReplicas
        Integer replicas,

        @JsonPropertyDescription("Version that both services run; absent while they differ.")
        String version) {

    /**
     * State of a service.
     *
     * @param ready pods that are available and of the current revision
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ServiceStatus(
            @JsonPropertyDescription("Name of the service: user-service or task-service.")
            String name,

            @JsonPropertyDescription("Pods that should run.")
            Integer desired,

            @JsonPropertyDescription("Pods of the current revision that are ready.")
            Integer ready,

            @JsonPropertyDescription("Image that the pods run.")
            String image,

            @JsonPropertyDescription("Address of the service inside the cluster.")
            String url) {}
}
