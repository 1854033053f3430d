// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.client;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Keeps clients. Every method throws {@link dev.taskplatform.kit.database.DatabaseUnavailableException} while the
 * database is away.
 */
public interface ClientRepository {
    /**
     * Adds a client unless its id is taken; of several at once exactly one wins.
     *
     * @return false if the id is taken
     */
    boolean add(Client client);

    /** The client with this id. */
    Optional<Client> find(String id);

    /**
     * Clients by id.
     *
     * @param after the id before the first; empty to begin with
     * @param limit at most so many
     */
    List<Client> list(Optional<String> after, int limit);

    /**
     * Replaces a client.
     *
     * @param client with its new version
     * @param expectedVersion the version that it replaces
     * @return false if there is none with that version
     */
    boolean update(Client client, long expectedVersion);

    /**
     * Removes a client with its secrets, the consents and the codes that it was given.
     *
     * @return false if there is none with that version
     */
    boolean remove(String id, long expectedVersion);

    /** The secrets of a client, the newest first. */
    List<ClientSecret> secrets(String clientId);

    /** Adds a secret. */
    void addSecret(String clientId, ClientSecret secret);

    /** Makes all secrets but this one end at an instant, if they do not end before. */
    void endOtherSecrets(String clientId, ClientSecret secret, Instant at);

    /** Forgets the secrets that ended by then. */
    void removeSecretsEndedBy(String clientId, Instant now);
}
