// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.outbound.PeerClient;
import dev.taskplatform.kit.outbound.PeerSettings;
import dev.taskplatform.kit.outbound.ServiceCredentials;
import dev.taskplatform.kit.outbound.ServiceToken;
import dev.taskplatform.kit.schedule.Repeating;
import dev.taskplatform.kit.server.ServiceServer;
import dev.taskplatform.task.follow.DatabaseFollowRepository;
import dev.taskplatform.task.follow.EventActions;
import dev.taskplatform.task.follow.FollowRepository;
import dev.taskplatform.task.follow.Follower;
import dev.taskplatform.task.follow.TokenLiveness;
import dev.taskplatform.task.follow.UserFeed;
import dev.taskplatform.task.task.Tasks;
import io.helidon.config.Config;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
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

    private final Optional<ServiceCredentials> credentials;
    private final Duration wait;
    private final FollowRepository repository;

    /**
     * @param config the node {@code user-service}
     * @throws IllegalArgumentException naming the setting that is wrong
     */
    FollowWiring(Config config, Database database) {
        this.credentials = ServiceCredentials.from(config);
        this.wait = config.get("event-wait").as(Duration.class).get();
        if (wait.isNegative() || wait.compareTo(LONGEST_WAIT) > 0) {
            throw new IllegalArgumentException(
                    "user-service.event-wait: must be PT0S to %s, but is %s".formatted(LONGEST_WAIT, wait));
        }
        this.repository = new DatabaseFollowRepository(database);
    }

    TokenLiveness liveness() {
        return new TokenLiveness(repository);
    }

    /** Follows from now on until the server stops, if there are credentials. */
    void start(
            PeerSettings userService,
            Tasks tasks,
            ObjectMapper mapper,
            Clock clock,
            SecureRandom random,
            MeterRegistry meters,
            ServiceServer.Builder server) {
        if (credentials.isEmpty()) {
            LOGGER.log(
                    Level.WARNING,
                    "Neither user-service.token-file nor user-service.client-id is set: the tasks of deleted accounts stay,"
                            + " and tokens of ended sessions are taken until they expire");
            return;
        }
        PeerSettings settings =
                new PeerSettings("user-service-events", userService.url(), userService.timeout(), CALLS);
        PeerClient peer = new PeerClient(settings, clock, meters);
        ServiceToken token = new ServiceToken(peer, credentials.get(), SCOPE, mapper, clock);
        UserFeed feed = new UserFeed(peer, token, mapper);
        EventActions actions = new EventActions(repository, tasks::removeAll, feed, clock);
        server.closing(Repeating.start("user-events-purge", () -> PURGE, random, actions::purge))
                .closing(Follower.start(repository, feed, actions, wait, peer, clock, random, meters));
    }
}
