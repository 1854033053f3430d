// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** How services prove who they are when they ask the user service for a token. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ServiceAuthenticationSpec(
        @JsonPropertyDescription("By the tokens that Kubernetes gives to pods (RFC 7523).")
        Kubernetes kubernetes) {

    /** Tokens of ServiceAccounts. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(
            value = "!has(self.clients) || self.clients.all(a, self.clients.exists_one(b,"
                    + " a.serviceAccountName == b.serviceAccountName && " + Kubernetes.NAMESPACE_A + " == "
                    + Kubernetes.NAMESPACE_B + "))",
            message = "serviceAuthentication.kubernetes.clients: a ServiceAccount is there twice, remove one")
    public record Kubernetes(
            @JsonPropertyDescription(
                    "True (default): the user service takes tokens of ServiceAccounts, and the task service shows its own. False: the task service learns of no deleted account, so that deletions stay pending.")
            Boolean enabled,

            @JsonPropertyDescription(
                    "The `iss` of the cluster's tokens, an https URL; absent: the API server is asked.")
            @Size(max = 512) @Pattern("^https://[^\\s?#]+$") String issuer,

            @JsonPropertyDescription(
                    "Services of other teams that get tokens, beside this platform's task service. Their pods mount a token whose audience is the issuer. A change restarts the user service.")
            @Size(max = 64) List<Client> clients) {

        static final String NAMESPACE_A = "(has(a.__namespace__) ? a.__namespace__ : '')";
        static final String NAMESPACE_B = "(has(b.__namespace__) ? b.__namespace__ : '')";
    }

    /** A service of another team. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Client(
            @JsonPropertyDescription("What the service is called in tokens and in the audit log.")
            @Required
            @Size(min = 3, max = 64) @Pattern("^[A-Za-z0-9][A-Za-z0-9._-]{2,63}$") @ValidationRule(
                    value = "!(self in ['task-service', 'taskplatform'])",
                    message = "the client id is the platform's own, choose another")
            String clientId,

            @JsonPropertyDescription("ServiceAccount of the service's pods.")
            @Required
            @Size(max = 253) @Pattern(Patterns.OBJECT_NAME) String serviceAccountName,

            @JsonPropertyDescription("Namespace of the ServiceAccount; absent: this one.")
            @Size(max = 63) @Pattern("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$") String namespace,

            @JsonPropertyDescription("What the service's tokens are good for.") @Required @Size(min = 1, max = 8) List<Scope> scopes) {}

    /** What a service's token is good for. */
    public enum Scope {
        /** To follow what happens to accounts. */
        @JsonProperty("events")
        EVENTS,
        /** To look up accounts by id or username. */
        @JsonProperty("users:read")
        USERS_READ,
        /** To ask whether a token is valid. */
        @JsonProperty("introspect")
        INTROSPECT
    }
}
