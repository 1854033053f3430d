// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How a change reaches the pods, and what is done when they don't become healthy. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RolloutSpec(
        @JsonPropertyDescription(
                "How long the pods of a service may make no progress towards being available before the change counts as failed, an ISO 8601 duration, default PT10M.")
        @Size(max = 24) @ValidationRule(
                value = Patterns.DURATION + ".all(s, s >= 10 && s <= 86400)",
                message = "must be a duration as ISO 8601 writes it, of PT10S to PT24H, such as PT10M")
        String healthDeadline,

        @JsonPropertyDescription(
                "True (default): a change that fails is taken back to what ran healthily last, and not tried again until the resource changes. False: it is left as it is.")
        Boolean automaticRollback) {}
