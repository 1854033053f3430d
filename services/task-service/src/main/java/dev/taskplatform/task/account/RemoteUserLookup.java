// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.account;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.outbound.PeerClient;
import dev.taskplatform.kit.outbound.PeerRequest;
import dev.taskplatform.kit.outbound.PeerResponse;
import dev.taskplatform.kit.outbound.ServiceToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The user service's {@code POST /internal/v1/users/lookup}. */
public final class RemoteUserLookup implements UserLookup {
    private final PeerClient userService;
    private final ServiceToken token;
    private final ObjectMapper mapper;

    /** @param token has the scope {@code users:read} */
    public RemoteUserLookup(PeerClient userService, ServiceToken token, ObjectMapper mapper) {
        this.userService = userService;
        this.token = token;
        this.mapper = mapper;
    }

    @Override
    public List<KnownUser> find(Collection<UUID> ids, Collection<String> usernames) {
        String bearer = token.get();
        PeerResponse answer = userService.send(
                PeerRequest.post("/internal/v1/users/lookup", json(Map.of("ids", ids, "usernames", usernames)))
                        .with("Authorization", "Bearer " + bearer)
                        .repeating());
        if (answer.status() == 401) {
            token.forget(bearer);
        }
        if (answer.status() != 200) {
            throw userService.unavailable("answered a look-up with status " + answer.status(), null);
        }
        try {
            List<KnownUser> users = new ArrayList<>();
            for (JsonNode user : mapper.readTree(answer.body()).path("users")) {
                users.add(new KnownUser(
                        UUID.fromString(user.path("id").asText()),
                        user.path("username").asText(),
                        Optional.ofNullable(user.path("displayName").textValue()),
                        Optional.empty()));
            }
            return users;
        } catch (IOException | IllegalArgumentException e) {
            throw userService.unavailable("answered a look-up with what is none", e);
        }
    }

    private byte[] json(Map<String, Collection<?>> members) {
        try {
            return mapper.writeValueAsBytes(members);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Strings and ids are always JSON", e);
        }
    }
}
