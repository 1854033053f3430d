// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.client;

import dev.taskplatform.user.token.TokenIssuer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All clients there are: the registered ones, the platform's own, and those that settings know by a Kubernetes
 * ServiceAccount. The last two are in no table and their ids can't be registered.
 */
public final class KnownClients {
    /** {@code client_id} of the sessions of browsers on the sign-in page; no client. */
    public static final String BROWSER = "taskplatform-browser";

    private final ClientRepository registered;
    private final Map<String, Client> builtIn;

    /**
     * @param registered those of administrators
     * @param workloads those of the settings
     */
    public KnownClients(ClientRepository registered, List<Client> workloads) {
        this.registered = registered;
        this.builtIn = Stream.concat(Stream.of(own()), workloads.stream())
                .collect(Collectors.toUnmodifiableMap(Client::id, Function.identity()));
    }

    /** Whether the id cannot be registered. */
    public boolean isReserved(String id) {
        return builtIn.containsKey(id) || id.equals(BROWSER);
    }

    /** The client with this id. */
    public Optional<Client> find(String id) {
        Client known = builtIn.get(id);
        return known != null ? Optional.of(known) : registered.find(id);
    }

    /** The secrets that a client may use, valid or not; as quick for one that has none. */
    List<ClientSecret> secrets(String id) {
        List<ClientSecret> secrets = registered.secrets(id);
        // A registered client whose id the settings took later.
        return isReserved(id) ? List.of() : secrets;
    }

    /** Its sign-ins are made by the API of sessions; here it refreshes, revokes and no more. */
    private static Client own() {
        return new Client(
                TokenIssuer.OWN_CLIENT,
                "TaskPlatform",
                ClientType.PUBLIC,
                List.of(),
                Set.of(GrantType.REFRESH_TOKEN),
                TokenIssuer.OWN_SCOPE,
                true,
                IdTokenAlgorithm.RS256,
                1,
                Instant.EPOCH,
                Instant.EPOCH);
    }
}
