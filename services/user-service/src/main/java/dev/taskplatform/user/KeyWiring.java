// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import dev.taskplatform.kit.auth.AccessTokenVerifier;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.schedule.Repeating;
import dev.taskplatform.kit.seal.Sealer;
import dev.taskplatform.kit.server.ServiceServer;
import dev.taskplatform.user.account.Administrators;
import dev.taskplatform.user.account.DatabaseAccountRepository;
import dev.taskplatform.user.key.DatabaseKeyRepository;
import dev.taskplatform.user.key.JwksResource;
import dev.taskplatform.user.key.KeyMaker;
import dev.taskplatform.user.key.KeySettings;
import dev.taskplatform.user.key.KeysAdminResource;
import dev.taskplatform.user.key.OwnKeys;
import dev.taskplatform.user.key.RotationPlan;
import dev.taskplatform.user.key.SigningKeys;
import dev.taskplatform.user.session.DatabaseSessionRepository;
import dev.taskplatform.user.session.SessionLiveness;
import dev.taskplatform.user.session.SessionSettings;
import dev.taskplatform.user.token.TokenIssuer;
import dev.taskplatform.user.token.TokenParties;
import dev.taskplatform.user.token.TokenSettings;
import io.helidon.config.Config;
import io.helidon.webserver.http.HttpRules;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.function.Supplier;

/** Signing keys, the tokens they sign, and who presents one. */
final class KeyWiring {
    private final SecureRandom random;
    private final Sealer sealer;
    private final SigningKeys keys;
    private final TokenIssuer tokens;
    private final AccessTokenVerifier verifier;
    private final SessionLiveness liveness;
    private final BearerAuthentication bearer;
    private final Supplier<TokenSettings> tokenSettings;
    private final Supplier<SessionSettings> sessionSettings;
    private final KeysAdminResource admin;

    KeyWiring(Essentials essentials) {
        Config config = essentials.config();
        random = essentials.random();
        TokenParties parties = TokenParties.from(config);
        tokenSettings = essentials.live().setting(root -> TokenSettings.from(root.get("token")));
        Supplier<KeySettings> keySettings = essentials.live().setting(root -> KeySettings.from(root.get("keys")));
        sealer = Sealer.fromFile(
                config.get("keys.encryption-key-file").as(Path.class).get(), random);
        KeyMaker maker = new KeyMaker(sealer, random);
        RotationPlan plan = new RotationPlan(
                maker, keySettings, () -> tokenSettings.get().longestLifetime(), essentials.clock(), System::nanoTime);
        keys = new SigningKeys(
                new DatabaseKeyRepository(essentials.database()),
                essentials.database(),
                essentials.audit(),
                maker,
                plan);
        // A wrong encryption key must end the start, not the first sign-in; an absent database need not.
        keys.areReady();
        sessionSettings = essentials.live().setting(root -> SessionSettings.from(root.get("token")));
        OwnKeys ownKeys = new OwnKeys(keys, System::nanoTime);
        verifier = new AccessTokenVerifier(ownKeys, parties.issuer(), parties.audience(), essentials.clock());
        liveness = new SessionLiveness(
                new DatabaseSessionRepository(essentials.database()), sessionSettings, essentials.clock());
        Administrators administrators = new Administrators(new DatabaseAccountRepository(essentials.database()));
        bearer = new BearerAuthentication(verifier, liveness, caller -> administrators.isActive(caller.userId()));
        tokens = new TokenIssuer(keys, parties, tokenSettings, essentials.ids(), essentials.clock());
        admin = new KeysAdminResource(keys, bearer, essentials.actors(), essentials.json());
    }

    SigningKeys keys() {
        return keys;
    }

    AccessTokenVerifier verifier() {
        return verifier;
    }

    SessionLiveness liveness() {
        return liveness;
    }

    TokenIssuer tokens() {
        return tokens;
    }

    Sealer sealer() {
        return sealer;
    }

    Supplier<TokenSettings> tokenSettings() {
        return tokenSettings;
    }

    Supplier<SessionSettings> sessionSettings() {
        return sessionSettings;
    }

    BearerAuthentication bearer() {
        return bearer;
    }

    void routes(HttpRules rules) {
        rules.register(new JwksResource(keys)).register("/v1/admin/keys", admin);
    }

    void supervise(ServiceServer.Builder server) {
        server.readiness("signing-key", keys::areReady)
                .closing(Repeating.start("signing-keys", () -> SigningKeys.POLL, random, keys::refresh));
    }
}
