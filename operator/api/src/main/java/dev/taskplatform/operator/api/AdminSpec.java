// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** The first administrator, and who reaches the administrators' API. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.username) == has(self.passwordSecretName)",
        message =
                "the first administrator needs both: set admin.username and, for the password, admin.passwordSecretName,"
                        + " or neither")
public record AdminSpec(
        @JsonPropertyDescription(
                "Username of the administrator who is made while there is none; absent: none is made. Everything later, the password too, is changed in the user service.")
        @Size(min = 1, max = 64) String username,

        @JsonPropertyDescription(
                "Secret in this namespace with the first administrator's password. The pods read it whenever they start: keep it, or remove username too.")
        @Size(max = 253) @Pattern(Patterns.OBJECT_NAME) String passwordSecretName,

        @JsonPropertyDescription("Key of the password in the Secret, default password.")
        @Size(min = 1, max = 253) @Pattern(Patterns.DATA_KEY) String passwordSecretKey,

        @JsonPropertyDescription(
                "True (default): the Ingress and the HTTPRoute lead to the administrators' API, /v1/admin, too. False: it is reached inside the cluster only.")
        Boolean publicApi) {}
