// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** Where the services' images come from. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ImageSpec(
        @JsonPropertyDescription(
                "Registry, with a path if there is one, that is put before the image names, such as registry.example.com/team.")
        @Size(max = 255) @Pattern("^[A-Za-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)*$") String registry,

        @JsonPropertyDescription("Tag of both images, with a digest if wanted: 1.2.3 or 1.2.3@sha256:....")
        @Size(max = 200) @Pattern("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[0-9a-f]{64})?$") String tag,

        @JsonPropertyDescription("When a node pulls the images: IfNotPresent (default), Always or Never.")
        PullPolicy pullPolicy,

        @JsonPropertyDescription("Secrets in this namespace that hold registry credentials.") @Size(max = 8) List<SecretName> pullSecrets) {

    /** When a node pulls an image. */
    public enum PullPolicy {
        Always,
        IfNotPresent,
        Never
    }

    /** A Secret of the same namespace. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SecretName(
            @JsonPropertyDescription("Name of the Secret.") @Required @Pattern(Patterns.OBJECT_NAME) String name) {}
}
