// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.client;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.user.oauth.protocol.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.result.RowView;

/** Clients in the service's database. Lists are texts parted by spaces, which none of their items has. */
public final class DatabaseClientRepository implements ClientRepository {
    private static final String COLUMNS =
            "id, name, type, redirect_uris, grant_types, scopes, first_party, id_token_alg,"
                    + " version, created_at, updated_at";

    private final Database database;

    /** @param database with the tables {@code oauth_client} and {@code oauth_client_secret} */
    public DatabaseClientRepository(Database database) {
        this.database = database;
    }

    @Override
    public boolean add(Client client) {
        int rows = database.write(handle -> handle.createUpdate("""
                        INSERT INTO oauth_client (id, name, type, redirect_uris, grant_types, scopes, first_party,
                            id_token_alg, version, created_at, updated_at)
                        VALUES (:id, :name, :type, :redirectUris, :grantTypes, :scopes, :firstParty,
                            :idTokenAlgorithm, :version, :createdAt, :updatedAt)
                        ON CONFLICT (id) DO NOTHING""")
                .bindMap(columns(client))
                .bind("type", client.type().text())
                .bind("createdAt", client.createdAt())
                .execute());
        return rows == 1;
    }

    @Override
    public Optional<Client> find(String id) {
        return database.read(handle -> handle.createQuery("SELECT " + COLUMNS + " FROM oauth_client WHERE id = :id")
                .bind("id", id)
                .reduceRows(Optional.<Client>empty(), (none, row) -> Optional.of(client(row))));
    }

    @Override
    public List<Client> list(Optional<String> after, int limit) {
        return database.read(handle -> handle.createQuery(
                        "SELECT " + COLUMNS + " FROM oauth_client WHERE id > :after ORDER BY id LIMIT :limit")
                // No id is empty.
                .bind("after", after.orElse(""))
                .bind("limit", limit)
                .reduceRows(new ArrayList<Client>(), (clients, row) -> {
                    clients.add(client(row));
                    return clients;
                }));
    }

    @Override
    public boolean update(Client client, long expectedVersion) {
        int rows = database.write(handle -> handle.createUpdate("""
                        UPDATE oauth_client SET name = :name, redirect_uris = :redirectUris, grant_types = :grantTypes,
                            scopes = :scopes, first_party = :firstParty, id_token_alg = :idTokenAlgorithm,
                            version = :version, updated_at = :updatedAt
                        WHERE id = :id AND version = :expected""")
                .bindMap(columns(client))
                .bind("expected", expectedVersion)
                .execute());
        return rows == 1;
    }

    @Override
    public boolean remove(String id, long expectedVersion) {
        int rows = database.write(
                handle -> handle.createUpdate("DELETE FROM oauth_client WHERE id = :id AND version = :expected")
                        .bind("id", id)
                        .bind("expected", expectedVersion)
                        .execute());
        return rows == 1;
    }

    @Override
    public List<ClientSecret> secrets(String clientId) {
        return database.read(handle -> handle.createQuery("""
                        SELECT id, hash, created_at, expires_at FROM oauth_client_secret
                        WHERE client_id = :client ORDER BY expires_at IS NOT NULL, id DESC""")
                .bind("client", clientId)
                .reduceRows(new ArrayList<ClientSecret>(), (secrets, row) -> {
                    secrets.add(new ClientSecret(
                            row.getColumn("id", UUID.class),
                            row.getColumn("hash", byte[].class),
                            row.getColumn("created_at", Instant.class),
                            Optional.ofNullable(row.getColumn("expires_at", Instant.class))));
                    return secrets;
                }));
    }

    @Override
    public void addSecret(String clientId, ClientSecret secret) {
        database.write(handle -> handle.createUpdate("""
                        INSERT INTO oauth_client_secret (id, client_id, hash, created_at, expires_at)
                        VALUES (:id, :client, :hash, :createdAt, :expiresAt)""")
                .bind("id", secret.id())
                .bind("client", clientId)
                .bind("hash", secret.hash())
                .bind("createdAt", secret.createdAt())
                .bind("expiresAt", secret.expiresAt().orElse(null))
                .execute());
    }

    @Override
    public void endOtherSecrets(String clientId, ClientSecret secret, Instant at) {
        database.write(handle -> handle.createUpdate("""
                        UPDATE oauth_client_secret SET expires_at = :at
                        WHERE client_id = :client AND id <> :id AND (expires_at IS NULL OR expires_at > :at)""")
                .bind("client", clientId)
                .bind("id", secret.id())
                .bind("at", at)
                .execute());
    }

    @Override
    public void removeSecretsEndedBy(String clientId, Instant now) {
        database.write(handle -> handle.createUpdate(
                        "DELETE FROM oauth_client_secret WHERE client_id = :client AND expires_at <= :now")
                .bind("client", clientId)
                .bind("now", now)
                .execute());
    }

    private static Map<String, Object> columns(Client client) {
        return Map.of(
                "id", client.id(),
                "name", client.name(),
                "redirectUris",
                        client.redirectUris().stream().map(RedirectUri::value).collect(Collectors.joining(" ")),
                "grantTypes",
                        client.grantTypes().stream()
                                .map(GrantType::text)
                                .sorted()
                                .collect(Collectors.joining(" ")),
                "scopes", client.scopes().stream().sorted().collect(Collectors.joining(" ")),
                "firstParty", client.firstParty(),
                "idTokenAlgorithm", client.idTokenAlgorithm().text(),
                "version", client.version(),
                "updatedAt", client.updatedAt());
    }

    private static Client client(RowView row) {
        return new Client(
                row.getColumn("id", String.class),
                row.getColumn("name", String.class),
                ClientType.of(row.getColumn("type", String.class)),
                words(row, "redirect_uris").stream().map(RedirectUri::new).toList(),
                words(row, "grant_types").stream().map(GrantType::of).collect(Collectors.toUnmodifiableSet()),
                words(row, "scopes"),
                row.getColumn("first_party", Boolean.class),
                IdTokenAlgorithm.of(row.getColumn("id_token_alg", String.class)),
                row.getColumn("version", Long.class),
                row.getColumn("created_at", Instant.class),
                row.getColumn("updated_at", Instant.class));
    }

    private static Set<String> words(RowView row, String column) {
        return Scope.stored(row.getColumn(column, String.class));
    }
}
