// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/** Limits of a HorizontalPodAutoscaler on CPU. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.minReplicas) || self.minReplicas <= self.maxReplicas",
        message = "autoscaling.minReplicas is more than autoscaling.maxReplicas: lower one or raise the other")
public record Autoscaling(
        @JsonPropertyDescription("Least number of pods, default 1.") @Min(1) @Max(100) Integer minReplicas,

        @JsonPropertyDescription("Most pods.") @Required @Min(1) @Max(100) Integer maxReplicas,

        @JsonPropertyDescription(
                "CPU use, in per cent of resources.requests.cpu, that the autoscaler aims at, default 70.")
        @Min(1) @Max(1000) Integer targetCPUUtilizationPercentage) {}
