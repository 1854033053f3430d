// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** An environment variable of a container. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!(has(self.value) && has(self.valueFrom))",
        message = "an env entry has value or valueFrom, not both: remove one")
public record EnvVar(
        @JsonPropertyDescription("Name of the variable.")
        @Required
        @Size(min = 1, max = 128) @Pattern("^[A-Za-z_][A-Za-z0-9_.-]*$") String name,

        @JsonPropertyDescription("Its value; absent with valueFrom absent too: empty.") @Size(max = 4096) String value,

        @JsonPropertyDescription("Where its value comes from.")
        Source valueFrom) {

    /** Where a value comes from. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(
            value = "has(self.secretKeyRef) != has(self.configMapKeyRef)",
            message = "valueFrom needs exactly one of secretKeyRef and configMapKeyRef")
    public record Source(
            @JsonPropertyDescription("A key of a Secret in this namespace.")
            KeyReference secretKeyRef,

            @JsonPropertyDescription("A key of a ConfigMap in this namespace.")
            KeyReference configMapKeyRef) {}

    /** A key of a Secret or ConfigMap. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record KeyReference(
            @JsonPropertyDescription("Name of the object.") @Required @Size(min = 1, max = 253) String name,

            @JsonPropertyDescription("Key in it.") @Required @Size(min = 1, max = 253) String key,

            @JsonPropertyDescription("True: the pod starts without the variable when the object or the key is missing.")
            Boolean optional) {}
}
