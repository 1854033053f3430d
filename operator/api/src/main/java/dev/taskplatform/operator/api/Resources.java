// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

/** Compute resources of a container. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value =
                "[has(self.requests) ? self.requests : {}, has(self.limits) ? self.limits : {}].all(list, list.all(name,"
                        + " type(list[name]) == int || isQuantity(string(list[name]))))",
        message = "resources.requests and resources.limits want quantities, such as cpu: 250m and memory: 256Mi")
public record Resources(
        @JsonPropertyDescription(
                "What the scheduler reserves for each pod, by resource name: cpu, memory, ephemeral-storage.")
        @Size(max = 16) Map<String, Quantity> requests,

        @JsonPropertyDescription("What each pod can't exceed, by resource name: cpu, memory, ephemeral-storage.")
        @Size(max = 16) Map<String, Quantity> limits) {}
