// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import java.util.List;

/** Which traffic may reach and leave the pods. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NetworkPolicySpec(
        @JsonPropertyDescription(
                "True (default): NetworkPolicies deny the pods all traffic but what they need. False: none are made.")
        Boolean enabled,

        @JsonPropertyDescription("Who may call the services' API; absent: everyone who reaches the pods.")
        @Size(max = 32) List<NetworkPolicyPeer> ingressFrom,

        @JsonPropertyDescription("Who may read health and metrics on the observe port; absent: everyone.")
        @Size(max = 32) List<NetworkPolicyPeer> observeFrom,

        @JsonPropertyDescription("Who the PostgreSQL server is; absent: any address, on postgresPort.") @Size(max = 32) List<NetworkPolicyPeer> postgresTo,

        @JsonPropertyDescription("Port that PostgreSQL's pods or address listen on, default 5432.") @Min(1) @Max(65535) Integer postgresPort,

        @JsonPropertyDescription(
                "Who the API server is, which serviceAuthentication.kubernetes asks for its keys; absent: any address, on kubernetesApiPorts.")
        @Size(max = 32) List<NetworkPolicyPeer> kubernetesApiTo,

        @JsonPropertyDescription(
                "Ports of the API server as the pods see it, of its Service and of the servers behind it; default 443, 6443 and 8443.")
        @Size(min = 1, max = 8) List<@Min(1) @Max(65535) Integer> kubernetesApiPorts) {}
