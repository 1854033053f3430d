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
        PeerRequest request = PeerRequest.post(
                        "/internal/v1/users/lookup", json(Map.of("ids", ids, "usernames", usernames)))
                .repeating();
        PeerResponse answer = token.send(userService, request);
        if (answer.status() != 200) {
            throw userService.unavailable("answered a look-up with status " + answer.status(), null);
        }
        try {
            return users(mapper.readTree(answer.body()));
        } catch (IOException | IllegalArgumentException e) {
            throw userService.unavailable("answered a look-up with what is none", e);
        }
    }

    private static List<KnownUser> users(JsonNode answer) throws IOException {
        if (!answer.path("users").isArray()) {
            throw new IOException("There are no users in it");
        }
        List<KnownUser> users = new ArrayList<>();
        for (JsonNode user : answer.path("users")) {
            if (!user.path("username").isTextual()) {
                throw new IOException("A user in it has no username");
            }
            users.add(new KnownUser(
                    UUID.fromString(user.path("id").asText()),
                    user.path("username").textValue(),
                    Optional.ofNullable(user.path("displayName").textValue()),
                    Optional.empty()));
        }
        return users;
    }

    private byte[] json(Map<String, Collection<?>> members) {
        try {
            return mapper.writeValueAsBytes(members);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Strings and ids are always JSON", e);
        }
    }
}
