// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.grant;

import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.auth.Actors;
import dev.taskplatform.kit.http.CacheControl;
import dev.taskplatform.user.oauth.client.Client;
import dev.taskplatform.user.oauth.client.GrantType;
import dev.taskplatform.user.oauth.http.ClientAuthentication;
import dev.taskplatform.user.oauth.protocol.OAuthError;
import dev.taskplatform.user.oauth.protocol.OAuthException;
import dev.taskplatform.user.oauth.protocol.Parameters;
import dev.taskplatform.user.session.UserAgent;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** {@code /oauth2/token}. */
public final class TokenResource implements HttpService {
    private static final Header NO_CACHE = HeaderValues.createCached(HeaderNames.PRAGMA, "no-cache");

    private final ClientAuthentication clients;
    private final Map<GrantType, Grant> grants;
    private final Actors actors;

    /** Collaborators. */
    public TokenResource(ClientAuthentication clients, List<Grant> grants, Actors actors) {
        this.clients = clients;
        this.grants = grants.stream().collect(Collectors.toUnmodifiableMap(Grant::type, Function.identity()));
        this.actors = actors;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/oauth2/token", clients.required(this::exchange));
    }

    private void exchange(Client client, Parameters form, ServerRequest request, ServerResponse response) {
        String name = form.required("grant_type");
        Grant grant = GrantType.find(name)
                .map(grants::get)
                .orElseThrow(() -> new OAuthException(
                        OAuthError.UNSUPPORTED_GRANT_TYPE,
                        "grant_type must be one of those that the metadata of this server name"));
        if (!client.may(grant.type())) {
            throw new OAuthException(OAuthError.UNAUTHORIZED_CLIENT, "The client is not registered for this grant");
        }
        Actor actor = actors.of(request).with(client.id());
        Optional<UserAgent> userAgent =
                request.headers().first(HeaderNames.USER_AGENT).flatMap(UserAgent::find);
        response.header(CacheControl.NO_STORE)
                .header(NO_CACHE)
                .send(grant.exchange(new TokenRequest(client, form, actor, userAgent)));
    }
}
