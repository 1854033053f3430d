// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.Map;

/** One host for both services by an Ingress. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IngressSpec(
        @JsonPropertyDescription("True: an Ingress is made. Default false.")
        Boolean enabled,

        @JsonPropertyDescription("IngressClass; absent: the cluster's default.") @Pattern(Patterns.OBJECT_NAME) String className,

        @JsonPropertyDescription("Annotations of the Ingress, for its controller.") @Size(max = 64) Map<String, String> annotations,

        @JsonPropertyDescription("Host name; absent: every host.") @Pattern(Patterns.HOST) String host,

        @JsonPropertyDescription("Encryption of the Ingress.")
        Tls tls) {

    /** Encryption of an Ingress. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Tls(
            @JsonPropertyDescription("Secret in this namespace with the certificate (tls.crt, tls.key).")
            @Pattern(Patterns.OBJECT_NAME) String secretName) {}
}
