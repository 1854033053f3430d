// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.revocation;

import dev.taskplatform.kit.auth.Actors;
import dev.taskplatform.kit.http.CacheControl;
import dev.taskplatform.user.oauth.client.Client;
import dev.taskplatform.user.oauth.http.ClientAuthentication;
import dev.taskplatform.user.oauth.protocol.Parameters;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** {@code /oauth2/revoke}. */
public final class RevocationResource implements HttpService {
    private final ClientAuthentication clients;
    private final Revocation revocation;
    private final Actors actors;

    /** Collaborators. */
    public RevocationResource(ClientAuthentication clients, Revocation revocation, Actors actors) {
        this.clients = clients;
        this.revocation = revocation;
        this.actors = actors;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/oauth2/revoke", clients.required(this::revoke));
    }

    /** {@code token_type_hint} only saves looking twice, which costs nothing here; it is not read. */
    private void revoke(Client client, Parameters form, ServerRequest request, ServerResponse response) {
        // Whatever it is: one that is none is an answer, not an error.
        String token = form.required("token", Parameters.ANY_LENGTH);
        revocation.revoke(token, client, actors.of(request).with(client.id()));
        response.status(Status.OK_200).header(CacheControl.NO_STORE).send();
    }
}
