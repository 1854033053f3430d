// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** Interfaces kept for older clients. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CompatibilitySpec(
        @JsonPropertyDescription(
                "True: the task service also answers the routes that take a password in the query string. Use it only for clients that can't be changed.")
        Boolean simpleApi) {}
