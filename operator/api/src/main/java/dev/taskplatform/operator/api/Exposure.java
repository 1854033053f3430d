// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;

/** How a service is reached from outside its pods. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.nodePort) || has(self.type) && self.type != 'ClusterIP'",
        message =
                "service.nodePort has a meaning only with service.type NodePort or LoadBalancer: set one of these, or remove nodePort")
public record Exposure(
        @JsonPropertyDescription(
                "ClusterIP (default): inside the cluster. NodePort: on a port of each node too. LoadBalancer: by the cloud's load balancer too.")
        Type type,

        @JsonPropertyDescription(
                "The port on each node, from the cluster's range (30000-32767 if not configured otherwise); absent: the cluster chooses one.")
        @Min(1) @Max(65535) Integer nodePort) {

    /** Types of a Service. */
    public enum Type {
        ClusterIP,
        NodePort,
        LoadBalancer
    }
}
