// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import dev.taskplatform.user.compatibility.SimpleApi;
import dev.taskplatform.user.password.PasswordPolicy;
import dev.taskplatform.user.session.Sessions;
import dev.taskplatform.user.session.SessionsResource;
import io.helidon.webserver.http.HttpRules;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Sign-in and sessions, in the shape of {@code /v1} and of the simple API. */
final class SessionWiring {
    private static final Logger LOGGER = System.getLogger(SessionWiring.class.getName());

    private final SessionsResource resource;
    private final SimpleApi simple;

    SessionWiring(Essentials essentials, KeyWiring keys, LimitWiring limits, AccountWiring accounts) {
        Sessions sessions = new Sessions(keys.tokens(), essentials.ids(), essentials.clock());
        resource = new SessionsResource(accounts.accounts(), sessions, limits.limiter(), essentials.json());
        simple = new SimpleApi(
                accounts.accounts(),
                simplePolicy(essentials, accounts.policy()),
                sessions,
                limits.limiter(),
                essentials.actors(),
                essentials.json());
    }

    void routes(HttpRules rules) {
        rules.register("/v1/sessions", resource).register(simple);
    }

    private static PasswordPolicy simplePolicy(Essentials essentials, PasswordPolicy policy) {
        if (!essentials.config().get("compatibility.simple-api").asBoolean().get()) {
            return policy;
        }
        LOGGER.log(Level.WARNING, "compatibility.simple-api is true: POST /register accepts passwords of any length");
        return PasswordPolicy.anything();
    }
}
