// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import dev.taskplatform.kit.schedule.Repeating;
import dev.taskplatform.kit.server.ServiceServer;
import dev.taskplatform.task.follow.TokenLiveness;
import dev.taskplatform.task.sync.Bulk;
import dev.taskplatform.task.sync.BulkResource;
import dev.taskplatform.task.sync.ChangeFeed;
import dev.taskplatform.task.sync.ChangeStreams;
import dev.taskplatform.task.sync.ChangesResource;
import dev.taskplatform.task.sync.FeedRepository;
import io.helidon.config.Config;
import io.helidon.webserver.http.HttpRules;
import java.time.Duration;

/** How clients keep copies. */
final class SyncWiring {
    private static final Duration PURGE = Duration.ofMinutes(10);
    private static final Duration LEAST_RETENTION = Duration.ofDays(1);

    private final Essentials essentials;
    private final ChangeFeed feed;
    private final ChangeStreams streams;
    private final FeedRepository repository;
    private final ChangesResource changes;
    private final BulkResource bulk;

    SyncWiring(Essentials essentials, TaskWiring tasks) {
        this.essentials = essentials;
        repository = new FeedRepository(essentials.database(), essentials.mapper());
        feed = new ChangeFeed(
                repository,
                tasks.listRepository(),
                tasks.commentRepository(),
                essentials.live().setting(SyncWiring::retention),
                essentials.clock());
        streams = ChangeStreams.start(
                feed,
                repository,
                new TokenLiveness(essentials.follow()),
                essentials.clock(),
                essentials.random(),
                essentials.meters().registry());
        changes = new ChangesResource(feed, streams, essentials.cursors(), essentials.bearer(), essentials.mapper());
        bulk = new BulkResource(
                new Bulk(tasks.tasks(), tasks.trash(), tasks.json(), essentials.database()),
                essentials.bearer(),
                essentials.idempotency(),
                essentials.json());
    }

    private static Duration retention(Config config) {
        Duration retention = config.get("change.retention").as(Duration.class).get();
        if (retention.compareTo(LEAST_RETENTION) < 0) {
            throw new IllegalArgumentException(
                    "change.retention: must be %s or more, but is %s".formatted(LEAST_RETENTION, retention));
        }
        return retention;
    }

    void routes(HttpRules rules) {
        rules.register("/v1/changes", changes).register("/v1/tasks/bulk", bulk);
    }

    void supervise(ServiceServer.Builder server) {
        // Streams would else use up the time that requests have to end.
        server.draining(streams::end)
                .closing(streams)
                .closing(Repeating.start("change-purge", () -> PURGE, essentials.random(), feed::purge));
    }
}
