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
import dev.taskplatform.user.token.TokenIssuer;
import dev.taskplatform.user.token.TokenParties;
import dev.taskplatform.user.token.TokenSettings;
import io.helidon.config.Config;
import io.helidon.webserver.http.HttpRules;
import java.nio.file.Path;

/** Signing keys, the tokens they sign, and who presents one. */
final class KeyWiring {
    private final SigningKeys keys;
    private final TokenIssuer tokens;
    private final BearerAuthentication bearer;
    private final Sealer sealer;

    KeyWiring(Essentials essentials) {
        Config config = essentials.config();
        TokenParties parties = TokenParties.from(config);
        TokenSettings settings = TokenSettings.from(config.get("token"));
        sealer = Sealer.fromFile(
                config.get("keys.encryption-key-file").as(Path.class).get(), essentials.random());
        keys = new SigningKeys(
                new DatabaseKeyRepository(essentials.database()), sealer, essentials.random(), essentials.clock());
        // A wrong encryption key must end the start, not the first sign-in; an absent database need not.
        keys.areReady();
        JWKSource<SecurityContext> ownKeys = (selector, context) -> selector.select(keys.published());
        bearer = new BearerAuthentication(
                new AccessTokenVerifier(ownKeys, parties.issuer(), parties.audience(), essentials.clock()));
        tokens = new TokenIssuer(keys, parties, () -> settings, essentials.ids(), essentials.clock());
    }

    TokenIssuer tokens() {
        return tokens;
    }

    Sealer sealer() {
        return sealer;
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
