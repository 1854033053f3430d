// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
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

        @JsonPropertyDescription("Settings of the service.") Config config,

        @JsonPropertyDescription("Environment variables put into the container besides the operator's own.")
        @Size(max = 32) List<EnvVar> env,

        @JsonPropertyDescription("Labels, annotations and placement of the pods.")
        PodTemplate podTemplate)
        implements ServiceSpec {

    /** Settings of the user service. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Config(
            @JsonPropertyDescription("How much is logged, default INFO.")
            LogLevel logLevel,

            @JsonPropertyDescription("How long an access token is valid, an ISO 8601 duration, default PT15M.")
            @Size(max = 16) @Pattern("^PT([0-9]{1,4}H([0-9]{1,4}M)?([0-9]{1,4}S)?|[0-9]{1,4}M([0-9]{1,4}S)?|[0-9]{1,4}S)$") String accessTokenLifetime,

            @JsonPropertyDescription("Least number of characters of a new password, default 8.") @Min(1) @Max(128) Integer passwordMinLength,

            @JsonPropertyDescription("Cost of hashing a password. Stored hashes keep the cost they were made with.")
            Argon2 argon2) {}

    /** Cost of Argon2id (RFC 9106). */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Argon2(
            @JsonPropertyDescription("Memory of one hash in KiB, default 19456.") @Min(7168) @Max(1048576) Integer memoryKib,

            @JsonPropertyDescription("Passes over the memory, default 2.") @Min(1) @Max(100) Integer iterations,

            @JsonPropertyDescription("Lanes, default 1.") @Min(1) @Max(16) Integer parallelism) {}
}
