// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import dev.taskplatform.kit.auth.AccessTokenVerifier;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.server.ServiceServer;
import dev.taskplatform.user.key.DatabaseKeyRepository;
import dev.taskplatform.user.key.JwksResource;
import dev.taskplatform.user.key.SigningKeys;
import dev.taskplatform.user.seal.Sealer;
import dev.taskplatform.user.session.DatabaseSessionRepository;
import dev.taskplatform.user.session.SessionLiveness;
import dev.taskplatform.user.session.SessionSettings;
import dev.taskplatform.user.token.TokenIssuer;
import dev.taskplatform.user.token.TokenSettings;
import io.helidon.config.Config;
import io.helidon.webserver.http.HttpRules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;

/** Signing keys, the tokens they sign, and who presents one. */
final class KeyWiring {
    private final SigningKeys keys;
    private final TokenIssuer tokens;
    private final BearerAuthentication bearer;
    private final Sealer sealer;
    private final Supplier<SessionSettings> sessionSettings;

    KeyWiring(Essentials essentials) {
        Config config = essentials.config();
        TokenSettings settings = new TokenSettings(
                config.get("issuer").asString().get(),
                config.get("audience").asString().get(),
                config.get("token.access-lifetime").as(Duration.class).get());
        sealer = Sealer.fromFile(
                config.get("keys.encryption-key-file").as(Path.class).get(), essentials.random());
        keys = new SigningKeys(
                new DatabaseKeyRepository(essentials.database()), sealer, essentials.random(), essentials.clock());
        // A wrong encryption key must end the start, not the first sign-in; an absent database need not.
        keys.areReady();
        JWKSource<SecurityContext> ownKeys = (selector, context) -> selector.select(keys.published());
        SessionSettings lifetimes = SessionSettings.from(config.get("token"));
        sessionSettings = () -> lifetimes;
        bearer = new BearerAuthentication(
                new AccessTokenVerifier(ownKeys, settings.issuer(), settings.audience(), essentials.clock()),
                new SessionLiveness(
                        new DatabaseSessionRepository(essentials.database()), sessionSettings, essentials.clock()));
        tokens = new TokenIssuer(keys, settings, essentials.ids(), essentials.clock());
    }

    TokenIssuer tokens() {
        return tokens;
    }

    Sealer sealer() {
        return sealer;
    }

    Supplier<SessionSettings> sessionSettings() {
        return sessionSettings;
    }

    BearerAuthentication bearer() {
        return bearer;
    }

    void routes(HttpRules rules) {
        rules.register(new JwksResource(keys));
    }

    void supervise(ServiceServer.Builder server) {
        server.readiness("signing-key", keys::areReady);
    }
}
