// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.introspection;

import dev.taskplatform.kit.http.CacheControl;
import dev.taskplatform.user.oauth.client.Client;
import dev.taskplatform.user.oauth.client.ClientType;
import dev.taskplatform.user.oauth.http.ClientAuthentication;
import dev.taskplatform.user.oauth.protocol.OAuthError;
import dev.taskplatform.user.oauth.protocol.OAuthException;
import dev.taskplatform.user.oauth.protocol.Parameters;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** {@code /oauth2/introspect}. */
public final class IntrospectionResource implements HttpService {
    private final ClientAuthentication clients;
    private final Introspection introspection;

    /** Collaborators. */
    public IntrospectionResource(ClientAuthentication clients, Introspection introspection) {
        this.clients = clients;
        this.introspection = introspection;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/oauth2/introspect", clients.required(this::introspect));
    }

    private void introspect(Client client, Parameters form, ServerRequest request, ServerResponse response) {
        if (client.type() == ClientType.PUBLIC) {
            // It proves nothing by its name: anybody could try tokens.
            throw new OAuthException(OAuthError.INVALID_CLIENT, "Only a client with a secret may ask about tokens");
        }
        // Whatever it is: one that is none is an answer, not an error.
        String token = form.required("token", Parameters.ANY_LENGTH);
        response.header(CacheControl.NO_STORE).send(introspection.of(token, client));
    }
}
