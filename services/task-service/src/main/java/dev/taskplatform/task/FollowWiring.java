// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import dev.taskplatform.kit.outbound.PeerClient;
import dev.taskplatform.kit.outbound.PeerSettings;
import dev.taskplatform.kit.outbound.ServiceCredentials;
import dev.taskplatform.kit.outbound.ServiceToken;
import dev.taskplatform.kit.schedule.Repeating;
import dev.taskplatform.kit.server.ServiceServer;
import dev.taskplatform.task.follow.EventActions;
import dev.taskplatform.task.follow.Follower;
import dev.taskplatform.task.follow.OwnerRemoval;
import dev.taskplatform.task.follow.UserFeed;
import io.helidon.config.Config;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Following what happens to accounts and sessions. */
final class FollowWiring {
    private static final Logger LOGGER = System.getLogger(FollowWiring.class.getName());

    /** Of clients for services (RFC 6749, section 3.3). */
    private static final String SCOPE = "events";
    /** One reads; its token, and acknowledgements, come in between. */
    private static final int CALLS = 2;
    /** The user service holds no request for longer. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    /** What has expired does no harm but take space. */
    private static final Duration PURGE = Duration.ofMinutes(10);

    private final Essentials essentials;
    private final OwnerRemoval tasks;
    private final Optional<ServiceCredentials> credentials;
    private final Duration wait;

    /**
     * @param tasks removes what deleted persons had
     * @throws IllegalArgumentException naming the setting that is wrong
     */
    FollowWiring(Essentials essentials, OwnerRemoval tasks) {
        Config config = essentials.config().get("user-service");
        this.essentials = essentials;
        this.tasks = tasks;
        this.credentials = ServiceCredentials.from(config);
        this.wait = config.get("event-wait").as(Duration.class).get();
        if (wait.isNegative() || wait.compareTo(LONGEST_WAIT) > 0) {
            throw new IllegalArgumentException(
                    "user-service.event-wait: must be PT0S to %s, but is %s".formatted(LONGEST_WAIT, wait));
        }
    }

    /** Follows from now on until the server stops, if there are credentials. */
    void supervise(ServiceServer.Builder server) {
        if (credentials.isEmpty()) {
            LOGGER.log(
                    Level.WARNING,
                    "Neither user-service.token-file nor user-service.client-id is set: the tasks of deleted accounts stay,"
                            + " and tokens of ended sessions are taken until they expire");
            return;
        }
        PeerSettings settings = essentials.userService().forCalls("user-service-events", CALLS);
        MeterRegistry meters = essentials.meters().registry();
        Clock clock = essentials.clock();
        PeerClient peer = new PeerClient(settings, clock, essentials.random(), meters);
        ServiceToken token = new ServiceToken(peer, credentials.get(), SCOPE, essentials.mapper(), clock);
        UserFeed feed = new UserFeed(peer, token, essentials.mapper());
        EventActions actions = new EventActions(essentials.follow(), tasks, feed, clock);
        server.closing(Repeating.start("user-events-purge", () -> PURGE, essentials.random(), actions::purge))
                .closing(Follower.start(
                        essentials.follow(), feed, actions, wait, peer, clock, essentials.random(), meters));
    }
}
