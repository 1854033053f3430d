// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import dev.taskplatform.kit.http.CursorCodec;
import dev.taskplatform.kit.schedule.Repeating;
import dev.taskplatform.kit.server.ServiceServer;
import dev.taskplatform.user.compatibility.SimpleApi;
import dev.taskplatform.user.factor.DatabaseFactorRepository;
import dev.taskplatform.user.factor.SecondFactorResource;
import dev.taskplatform.user.factor.SecondFactors;
import dev.taskplatform.user.password.PasswordPolicy;
import dev.taskplatform.user.session.DatabaseSessionRepository;
import dev.taskplatform.user.session.RefreshTokens;
import dev.taskplatform.user.session.Sessions;
import dev.taskplatform.user.session.SessionsResource;
import dev.taskplatform.user.session.SignIn;
import io.helidon.config.Config;
import io.helidon.webserver.http.HttpRules;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** Sign-in and sessions, in the shape of {@code /v1} and of the simple API. */
final class SessionWiring {
    private static final Logger LOGGER = System.getLogger(SessionWiring.class.getName());

    private static final Duration PURGE_INTERVAL = Duration.ofMinutes(10);

    private final SignIn signIn;
    private final Sessions sessions;
    private final SessionsResource resource;
    private final SecondFactorResource factorResource;
    private final SimpleApi simple;
    private final RandomGenerator random;

    SessionWiring(Essentials essentials, KeyWiring keys, LimitWiring limits, AccountWiring accounts) {
        random = essentials.random();
        SecondFactors secondFactors = new SecondFactors(
                new DatabaseFactorRepository(essentials.database()),
                keys.sealer(),
                authenticatorLabel(essentials.config()),
                essentials.database(),
                essentials.audit(),
                essentials.ids(),
                essentials.random(),
                essentials.clock());
        signIn = new SignIn(
                accounts.accounts(),
                accounts.hasher(),
                secondFactors,
                limits.throttle(),
                essentials.database(),
                essentials.audit(),
                essentials.clock());
        sessions = new Sessions(
                new DatabaseSessionRepository(essentials.database()),
                accounts.accounts(),
                keys.tokens(),
                new RefreshTokens(keys.sealer(), essentials.random()),
                keys.sessionSettings(),
                essentials.database(),
                essentials.audit(),
                essentials.outbox(),
                essentials.ids(),
                essentials.clock());
        resource = new SessionsResource(
                signIn,
                sessions,
                keys.bearer(),
                limits.limiter(),
                essentials.actors(),
                new CursorCodec(keys.sealer().deriveKey("session-cursors")),
                essentials.json());
        factorResource = new SecondFactorResource(
                secondFactors, signIn, accounts.accounts(), keys.bearer(), essentials.actors(), essentials.json());
        simple = new SimpleApi(
                accounts.registration(),
                accounts.usernames(),
                simplePolicy(essentials, accounts.policy()),
                signIn,
                sessions,
                limits.limiter(),
                essentials.actors(),
                essentials.json());
    }

    SignIn signIn() {
        return signIn;
    }

    Sessions sessions() {
        return sessions;
    }

    void routes(HttpRules rules) {
        rules.register("/v1/sessions", resource)
                .register("/v1/users/me", factorResource)
                .register(simple);
    }

    void supervise(ServiceServer.Builder server) {
        server.closing(Repeating.start("session-purge", () -> PURGE_INTERVAL, random, sessions::purge));
    }

    /** Tells the entries of several installations apart in people's authenticators. */
    private static String authenticatorLabel(Config config) {
        String issuer = config.get("issuer").asString().get();
        String host = URI.create(issuer).getHost();
        return host == null ? issuer : host;
    }

    private static PasswordPolicy simplePolicy(Essentials essentials, PasswordPolicy policy) {
        if (!essentials.config().get("compatibility.simple-api").asBoolean().get()) {
            return policy;
        }
        LOGGER.log(Level.WARNING, "compatibility.simple-api is true: POST /register accepts passwords of any length");
        return PasswordPolicy.anything();
    }
}
