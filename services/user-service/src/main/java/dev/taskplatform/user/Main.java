// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import dev.taskplatform.kit.server.LiveConfig;
import dev.taskplatform.kit.server.ServiceLauncher;
import dev.taskplatform.kit.server.ServiceServer;
import dev.taskplatform.user.compatibility.SimpleApi;
import dev.taskplatform.user.oauth.http.OAuthErrorFormat;
import java.time.Clock;

/** The user service: accounts, sign-in and the keys that its access tokens are checked with. */
public final class Main {
    private Main() {}

    /** Starts the service; it ends on SIGTERM. */
    public static void main(String[] args) {
        ServiceLauncher.launch(live -> server(live, Clock.systemUTC()));
    }

    /**
     * The service, not yet listening.
     *
     * @throws IllegalArgumentException naming the setting that is wrong
     * @throws io.helidon.config.ConfigException naming the setting that is missing or of another type
     */
    static ServiceServer server(LiveConfig live, Clock clock) {
        Essentials essentials = Essentials.of(live, clock);
        KeyWiring keys = new KeyWiring(essentials);
        LimitWiring limits = new LimitWiring(essentials, keys);
        AccountWiring accounts = new AccountWiring(essentials);
        SessionWiring sessions = new SessionWiring(essentials, keys, limits, accounts);
        OAuthWiring oauth = new OAuthWiring(essentials, keys, limits, accounts, sessions);
        ProfileWiring profiles = new ProfileWiring(essentials, keys, limits, accounts, sessions);
        AdminWiring admin = new AdminWiring(essentials, keys, limits, accounts, profiles);
        EventWiring events = new EventWiring(essentials, keys);
        AuditWiring audit = new AuditWiring(essentials, keys);

        ServiceServer.Builder server = ServiceServer.builder(essentials.config(), essentials.meters())
                .watching(live)
                .routes(rules -> {
                    keys.routes(rules);
                    sessions.routes(rules);
                    oauth.routes(rules);
                    profiles.routes(rules);
                    admin.routes(rules);
                    events.routes(rules);
                    audit.routes(rules);
                })
                .errorFormats(
                        path -> OAuthErrorFormat.covers(path) ? new OAuthErrorFormat() : SimpleApi.errorFormat(path))
                .readiness("database", essentials.database()::isHealthy)
                .closing(essentials.database());
        keys.supervise(server);
        limits.supervise(server);
        accounts.supervise(server);
        sessions.supervise(server);
        profiles.supervise(server);
        events.supervise(server);
        audit.supervise(server);
        return server.build();
    }
}
