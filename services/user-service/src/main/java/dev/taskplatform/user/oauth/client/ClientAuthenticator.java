// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.client;

import dev.taskplatform.user.oauth.protocol.OAuthError;
import dev.taskplatform.user.oauth.protocol.OAuthException;
import dev.taskplatform.user.oauth.protocol.Secrets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds out which client makes a request. A client that does not exist, one of the other type and a wrong secret are
 * answered alike, after the same work.
 */
public final class ClientAuthenticator {
    private final KnownClients clients;
    private final Function<String, Client> assertions;
    private final Clock clock;
    /** Compared with where a client has fewer secrets than two; nobody knows its inverse. */
    private final byte[] nobodysHash;

    /**
     * @param assertions the client that an assertion proves; throws {@link OAuthException} invalid_client if none
     * @param secrets makes what no secret is equal to
     */
    public ClientAuthenticator(
            KnownClients clients, Function<String, Client> assertions, Secrets secrets, Clock clock) {
        this.clients = clients;
        this.assertions = assertions;
        this.clock = clock;
        this.nobodysHash = Secrets.hash(secrets.next());
    }

    /**
     * The client with these credentials.
     *
     * @throws OAuthException invalid_client
     */
    public Client authenticate(Credentials credentials) {
        return switch (credentials) {
            case Credentials.Secret secret -> bySecret(secret);
            case Credentials.Assertion assertion -> byAssertion(assertion);
            case Credentials.None none ->
                clients.find(none.clientId())
                        .filter(client -> client.type() == ClientType.PUBLIC)
                        .orElseThrow(ClientAuthenticator::unknown);
        };
    }

    private Client bySecret(Credentials.Secret presented) {
        Optional<Client> client = clients.find(presented.clientId());
        List<ClientSecret> secrets = clients.secrets(presented.clientId());
        byte[] hash = Secrets.hash(presented.secret());
        Instant now = clock.instant();
        boolean matches = false;
        for (int i = 0; i < Math.max(2, secrets.size()); i++) {
            byte[] expected = i < secrets.size() && secrets.get(i).isValid(now)
                    ? secrets.get(i).hash()
                    : nobodysHash;
            matches |= Secrets.equal(expected, hash);
        }
        if (!matches) {
            throw unknown();
        }
        return client.filter(found -> found.type() == ClientType.CONFIDENTIAL)
                .orElseThrow(ClientAuthenticator::unknown);
    }

    private Client byAssertion(Credentials.Assertion presented) {
        Client client = assertions.apply(presented.assertion());
        if (presented.clientId().filter(id -> !id.equals(client.id())).isPresent()) {
            throw new OAuthException(
                    OAuthError.INVALID_CLIENT, "The assertion is another client's than client_id says");
        }
        return client;
    }

    private static OAuthException unknown() {
        return new OAuthException(OAuthError.INVALID_CLIENT, "There is no such client with this secret");
    }
}
