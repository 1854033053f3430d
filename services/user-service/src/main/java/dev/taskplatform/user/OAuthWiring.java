// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import dev.taskplatform.kit.http.CursorCodec;
import dev.taskplatform.user.oauth.authorize.AuthorizationCodes;
import dev.taskplatform.user.oauth.authorize.AuthorizationFlow;
import dev.taskplatform.user.oauth.authorize.AuthorizeResource;
import dev.taskplatform.user.oauth.authorize.Browsers;
import dev.taskplatform.user.oauth.authorize.Consents;
import dev.taskplatform.user.oauth.authorize.DatabaseBrowserRepository;
import dev.taskplatform.user.oauth.authorize.DatabaseCodeRepository;
import dev.taskplatform.user.oauth.authorize.DatabaseConsentRepository;
import dev.taskplatform.user.oauth.authorize.PendingSignIn;
import dev.taskplatform.user.oauth.claims.IdTokens;
import dev.taskplatform.user.oauth.client.ClientAuthenticator;
import dev.taskplatform.user.oauth.client.ClientRepository;
import dev.taskplatform.user.oauth.client.Clients;
import dev.taskplatform.user.oauth.client.ClientsResource;
import dev.taskplatform.user.oauth.client.DatabaseClientRepository;
import dev.taskplatform.user.oauth.client.KnownClients;
import dev.taskplatform.user.oauth.discovery.DiscoveryResource;
import dev.taskplatform.user.oauth.discovery.Metadata;
import dev.taskplatform.user.oauth.grant.AuthorizationCodeGrant;
import dev.taskplatform.user.oauth.grant.ClientCredentialsGrant;
import dev.taskplatform.user.oauth.grant.JwtBearerGrant;
import dev.taskplatform.user.oauth.grant.RefreshTokenGrant;
import dev.taskplatform.user.oauth.grant.TokenResource;
import dev.taskplatform.user.oauth.http.BrowserCookies;
import dev.taskplatform.user.oauth.http.ClientAuthentication;
import dev.taskplatform.user.oauth.introspection.Introspection;
import dev.taskplatform.user.oauth.introspection.IntrospectionResource;
import dev.taskplatform.user.oauth.kubernetes.KubernetesSettings;
import dev.taskplatform.user.oauth.kubernetes.ServiceAccountTokens;
import dev.taskplatform.user.oauth.protocol.Secrets;
import dev.taskplatform.user.oauth.revocation.Revocation;
import dev.taskplatform.user.oauth.revocation.RevocationResource;
import dev.taskplatform.user.oauth.userinfo.UserInfoResource;
import dev.taskplatform.user.session.Sessions;
import dev.taskplatform.user.token.TokenParties;
import io.helidon.config.Config;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import java.time.Clock;
import java.util.List;

/** OAuth 2.0 and OpenID Connect. */
final class OAuthWiring {
    private final ClientsResource clients;
    private final List<HttpService> endpoints;

    OAuthWiring(
            Essentials essentials, KeyWiring keys, LimitWiring limits, AccountWiring accounts, SessionWiring sessions) {
        Config config = essentials.config();
        Clock clock = essentials.clock();
        String issuer = TokenParties.from(config).issuer();
        Secrets secrets = new Secrets(essentials.random());
        ServiceAccountTokens workloads = new ServiceAccountTokens(
                KubernetesSettings.from(config.get("oauth.kubernetes"), issuer), essentials.mapper(), clock);

        ClientRepository registered = new DatabaseClientRepository(essentials.database());
        KnownClients known = new KnownClients(registered, workloads.clients());
        clients = new ClientsResource(
                new Clients(
                        registered,
                        known::isReserved,
                        essentials.database(),
                        essentials.audit(),
                        secrets,
                        essentials.ids(),
                        clock),
                keys.bearer(),
                essentials.actors(),
                new CursorCodec(keys.sealer().deriveKey("client-cursors")),
                essentials.json());
        ClientAuthentication authentication = new ClientAuthentication(
                new ClientAuthenticator(known, workloads::client, secrets, clock), limits.limiter());
        IdTokens idTokens = new IdTokens(
                keys.keys(), issuer, () -> keys.tokenSettings().get().idLifetime(), clock);
        AuthorizationCodes codes = new AuthorizationCodes(
                new DatabaseCodeRepository(essentials.database()),
                sessions.sessions(),
                accounts.accounts(),
                essentials.database(),
                secrets,
                clock);
        endpoints = List.of(
                authorize(essentials, keys, limits, accounts, sessions, known, codes, secrets, issuer),
                new TokenResource(
                        authentication,
                        List.of(
                                new AuthorizationCodeGrant(codes, idTokens),
                                new RefreshTokenGrant(sessions.sessions(), idTokens),
                                new ClientCredentialsGrant(keys.tokens()),
                                new JwtBearerGrant(workloads::client, keys.tokens())),
                        essentials.actors()),
                new RevocationResource(
                        authentication,
                        new Revocation(keys.verifier(), sessions.sessions(), essentials.database(), essentials.audit()),
                        essentials.actors()),
                new IntrospectionResource(
                        authentication,
                        new Introspection(keys.verifier(), keys.liveness(), sessions.sessions(), issuer)),
                new UserInfoResource(accounts.accounts(), keys.bearer()),
                new DiscoveryResource(new Metadata(issuer, workloads.algorithms())));
    }

    void routes(HttpRules rules) {
        rules.register("/v1/admin/clients", clients).register(endpoints.toArray(HttpService[]::new));
    }

    private static AuthorizeResource authorize(
            Essentials essentials,
            KeyWiring keys,
            LimitWiring limits,
            AccountWiring accounts,
            SessionWiring sessions,
            KnownClients clients,
            AuthorizationCodes codes,
            Secrets secrets,
            String issuer) {
        Clock clock = essentials.clock();
        Sessions live = sessions.sessions();
        Consents consents = new Consents(
                new DatabaseConsentRepository(essentials.database()), essentials.database(), essentials.audit(), clock);
        return new AuthorizeResource(
                new AuthorizationFlow(codes, consents, issuer, clock),
                clients,
                new Browsers(
                        new DatabaseBrowserRepository(essentials.database()),
                        live,
                        essentials.database(),
                        secrets,
                        clock),
                sessions.signIn(),
                new PendingSignIn(keys.sealer(), clock),
                accounts.accounts(),
                secrets,
                new BrowserCookies(issuer),
                limits.limiter(),
                essentials.actors());
    }
}
