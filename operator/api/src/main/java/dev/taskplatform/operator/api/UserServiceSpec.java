// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** The user service. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.replicas) || !has(self.autoscaling)",
        message = "the autoscaler sets the replicas: remove userService.replicas or userService.autoscaling")
public record UserServiceSpec(
        @JsonPropertyDescription("Pods of this service, instead of the resource's replicas.") @Min(0) @Max(100) Integer replicas,

        @JsonPropertyDescription(
                "An autoscaler for this service, instead of a fixed number of pods. Needs database.postgres.")
        Autoscaling autoscaling,

        @JsonPropertyDescription("CPU and memory of each pod, instead of the defaults.")
        Resources resources,

        @JsonPropertyDescription("How the service is reached.")
        Exposure service,

        @JsonPropertyDescription("Settings of the service.") UserServiceConfig config,

        @JsonPropertyDescription("Environment variables put into the container besides the operator's own.")
        @Size(max = 32) List<EnvVar> env,

        @JsonPropertyDescription("Labels, annotations and placement of the pods.")
        PodTemplate podTemplate)
        implements ServiceSpec {}
