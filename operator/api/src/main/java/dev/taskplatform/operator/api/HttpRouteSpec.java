// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;

/** The paths of both services by an HTTPRoute (Gateway API). */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.enabled) || !self.enabled || has(self.parentRefs) && self.parentRefs.size() > 0",
        message = "httpRoute.enabled is true, but no Gateway serves the route: set httpRoute.parentRefs,"
                + " such as [{name: public, namespace: gateways}]")
public record HttpRouteSpec(
        @JsonPropertyDescription("True: an HTTPRoute is made; the cluster needs the Gateway API. Default false.")
        Boolean enabled,

        @JsonPropertyDescription("Annotations of the HTTPRoute.") @Size(max = 64) Map<String, String> annotations,

        @JsonPropertyDescription("Gateways that serve the route.") @Size(max = 32) List<ParentRef> parentRefs,

        @JsonPropertyDescription("Host names; absent: those of the Gateway's listener.") @Size(max = 16) List<@Pattern(Patterns.HOST) String> hostnames) {

    /** A Gateway that serves the route. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ParentRef(
            @JsonPropertyDescription("API group of the parent, default gateway.networking.k8s.io.") @Size(max = 253) String group,

            @JsonPropertyDescription("Kind of the parent, default Gateway.") @Size(max = 63) String kind,

            @JsonPropertyDescription("Name of the Gateway.") @Required @Pattern(Patterns.OBJECT_NAME) String name,

            @JsonPropertyDescription("Namespace of the Gateway; absent: this one.") @Pattern(Patterns.OBJECT_NAME) String namespace,

            @JsonPropertyDescription("Listener of the Gateway; absent: all of them.") @Size(max = 253) String sectionName,

            @JsonPropertyDescription("Port of the Gateway; absent: all of them.") @Min(1) @Max(65535) Integer port) {}
}
