// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import dev.taskplatform.kit.auth.AccessTokenVerifier;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.id.UuidGenerator;
import dev.taskplatform.kit.json.Json;
import dev.taskplatform.kit.json.JsonReader;
import dev.taskplatform.kit.observe.Meters;
import dev.taskplatform.kit.server.ServiceLauncher;
import dev.taskplatform.kit.server.ServiceServer;
import dev.taskplatform.user.account.Accounts;
import dev.taskplatform.user.account.DatabaseAccountRepository;
import dev.taskplatform.user.account.UsersResource;
import dev.taskplatform.user.compatibility.SimpleApi;
import dev.taskplatform.user.key.DatabaseKeyRepository;
import dev.taskplatform.user.key.JwksResource;
import dev.taskplatform.user.key.KeySealer;
import dev.taskplatform.user.key.SigningKeys;
import dev.taskplatform.user.password.Argon2Settings;
import dev.taskplatform.user.password.PasswordHasher;
import dev.taskplatform.user.password.PasswordPolicy;
import dev.taskplatform.user.session.SessionsResource;
import dev.taskplatform.user.token.TokenIssuer;
import dev.taskplatform.user.token.TokenSettings;
import io.helidon.config.Config;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;

/** The user service: accounts, sign-in and the keys that its access tokens are checked with. */
public final class Main {
    private static final Logger LOGGER = System.getLogger(Main.class.getName());

    private Main() {}

    /** Starts the service; it ends on SIGTERM. */
    public static void main(String[] args) {
        ServiceLauncher.launch(config -> server(config, Clock.systemUTC()));
    }

    /**
     * The service, not yet listening.
     *
     * @throws IllegalArgumentException naming the setting that is wrong
     * @throws io.helidon.config.ConfigException naming the setting that is missing or of another type
     */
    static ServiceServer server(Config config, Clock clock) {
        SecureRandom random = new SecureRandom();
        JsonReader json = new JsonReader(Json.mapper());
        UuidGenerator ids = new UuidGenerator(clock, random);
        TokenSettings tokenSettings = new TokenSettings(
                config.get("issuer").asString().get(),
                config.get("audience").asString().get(),
                config.get("token.access-lifetime").as(Duration.class).get());
        PasswordPolicy policy =
                new PasswordPolicy(config.get("password.min-length").asInt().get());
        KeySealer sealer = KeySealer.fromFile(
                config.get("keys.encryption-key-file").as(Path.class).get(), random);
        PasswordHasher hasher = new PasswordHasher(Argon2Settings.from(config.get("password")), random);
        Database database = Database.open(config.get("database"));

        SigningKeys keys = new SigningKeys(new DatabaseKeyRepository(database), sealer, random, clock);
        // A wrong encryption key must end the start, not the first sign-in; an absent database need not.
        keys.areReady();
        JWKSource<SecurityContext> ownKeys = (selector, context) -> selector.select(keys.published());
        BearerAuthentication bearer = new BearerAuthentication(
                new AccessTokenVerifier(ownKeys, tokenSettings.issuer(), tokenSettings.audience(), clock));
        TokenIssuer tokens = new TokenIssuer(keys, tokenSettings, ids, clock);
        Accounts accounts = new Accounts(new DatabaseAccountRepository(database), hasher, ids, clock);

        UsersResource users = new UsersResource(accounts, policy, bearer, json);
        SessionsResource sessions = new SessionsResource(accounts, tokens, json);
        SimpleApi simple = new SimpleApi(accounts, simplePolicy(config, policy), tokens, json);
        return ServiceServer.builder(config, new Meters())
                .routes(rules -> rules.register("/v1/users", users)
                        .register("/v1/sessions", sessions)
                        .register(new JwksResource(keys))
                        .register(simple))
                .errorFormats(SimpleApi::errorFormat)
                .readiness("database", database::isHealthy)
                .readiness("signing-key", keys::areReady)
                .closing(database)
                .closing(hasher)
                .build();
    }

    private static PasswordPolicy simplePolicy(Config config, PasswordPolicy policy) {
        if (!config.get("compatibility.simple-api").asBoolean().get()) {
            return policy;
        }
        LOGGER.log(Level.WARNING, "compatibility.simple-api is true: POST /register accepts passwords of any length");
        return new PasswordPolicy(1);
    }
}
