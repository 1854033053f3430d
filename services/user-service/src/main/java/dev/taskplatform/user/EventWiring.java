// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import dev.taskplatform.kit.http.CursorCodec;
import dev.taskplatform.kit.schedule.Repeating;
import dev.taskplatform.kit.server.ServiceServer;
import dev.taskplatform.user.event.DatabaseEventRepository;
import dev.taskplatform.user.event.EventFeed;
import dev.taskplatform.user.event.EventRepository;
import dev.taskplatform.user.event.EventSettings;
import dev.taskplatform.user.event.EventWatch;
import dev.taskplatform.user.event.EventsResource;
import io.helidon.webserver.http.HttpRules;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** What other services and administrators are told of what happened. */
final class EventWiring {
    private static final Duration PURGE_INTERVAL = Duration.ofHours(1);

    private final RandomGenerator random;
    private final EventWatch watch;
    private final EventFeed feed;
    private final EventsResource events;

    EventWiring(Essentials essentials, KeyWiring keys) {
        random = essentials.random();
        EventSettings settings = EventSettings.from(essentials.config().get("event"));
        EventRepository repository = new DatabaseEventRepository(essentials.database());
        watch = EventWatch.start(repository::last);
        feed = new EventFeed(repository, watch, () -> settings, essentials.clock());
        events = new EventsResource(feed, new CursorCodec(keys.sealer().deriveKey("event-cursors")), keys.bearer());
    }

    void routes(HttpRules rules) {
        rules.register("/internal/v1/events", events);
    }

    void supervise(ServiceServer.Builder server) {
        // Requests that wait would else use up the time that the others have to end.
        server.draining(watch::end)
                .closing(watch)
                .closing(Repeating.start("event-purge", () -> PURGE_INTERVAL, random, feed::purge));
    }
}
