// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;

/** What is put on the pods of a service besides what they need to work. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value =
                "!has(self.labels) || self.labels.all(k, !k.startsWith('app.kubernetes.io/') && k != 'pod-template-hash')",
        message = "podTemplate.labels names a label that is set already: choose a name other than app.kubernetes.io/..."
                + " and pod-template-hash")
@ValidationRule(
        value =
                "!has(self.annotations) || self.annotations.all(k, k != 'checksum/config' && !k.startsWith('taskplatform.dev/'))",
        message =
                "podTemplate.annotations: checksum/config and taskplatform.dev/... are set already, choose another name")
public record PodTemplate(
        @JsonPropertyDescription("Labels of the pods besides those that are set already.") @Size(max = 64) Map<String, @Size(max = 63) String> labels,

        @JsonPropertyDescription("Annotations of the pods besides those that are set already.") @Size(max = 64) Map<String, String> annotations,

        @JsonPropertyDescription("Labels a node must have.") @Size(max = 64) Map<String, String> nodeSelector,

        @JsonPropertyDescription("Taints of nodes that the pods accept.") @Size(max = 32) List<Toleration> tolerations,

        @JsonPropertyDescription("Rules of placement relative to nodes and other pods.")
        Affinity affinity,

        @JsonPropertyDescription("PriorityClass of the pods.") @Pattern(Patterns.OBJECT_NAME) String priorityClassName) {}
