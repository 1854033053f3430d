// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import dev.taskplatform.user.oauth.client.ClientRepository;
import dev.taskplatform.user.oauth.client.Clients;
import dev.taskplatform.user.oauth.client.ClientsResource;
import dev.taskplatform.user.oauth.client.DatabaseClientRepository;
import dev.taskplatform.user.oauth.client.KnownClients;
import dev.taskplatform.user.oauth.protocol.Secrets;
import io.helidon.webserver.http.HttpRules;
import java.util.List;

/** OAuth 2.0 and OpenID Connect. */
final class OAuthWiring {
    private final ClientsResource clients;

    OAuthWiring(Essentials essentials, KeyWiring keys) {
        ClientRepository repository = new DatabaseClientRepository(essentials.database());
        KnownClients known = new KnownClients(repository, List.of());
        Secrets secrets = new Secrets(essentials.random());
        clients = new ClientsResource(
                new Clients(
                        repository,
                        known::isReserved,
                        essentials.database(),
                        essentials.audit(),
                        secrets,
                        essentials.ids(),
                        essentials.clock()),
                keys.bearer(),
                essentials.actors(),
                essentials.json());
    }

    void routes(HttpRules rules) {
        rules.register("/v1/admin/clients", clients);
    }
}
