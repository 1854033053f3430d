// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.follow;

import dev.taskplatform.kit.outbound.PeerClient;
import dev.taskplatform.kit.schedule.Repeating;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Follows the user service's events as long as the service runs. When it can't, because the user service or the database is
 * away, requests go on, and it tries again after pauses that grow.
 */
public final class Follower implements AutoCloseable {
    /** Also between pages; the wait for events is in the request. */
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final FollowRepository repository;
    private final UserFeed feed;
    private final EventActions actions;
    private final Duration wait;
    private final PeerClient connection;
    private final Clock clock;
    private final Repeating repeating;
    private volatile Duration pause = SHORTEST_PAUSE;
    private volatile Instant lastSuccess;
    private volatile Instant behindSince;
    private volatile boolean closed;

    private Follower(
            FollowRepository repository,
            UserFeed feed,
            EventActions actions,
            Duration wait,
            PeerClient connection,
            Clock clock,
            RandomGenerator random) {
        this.repository = repository;
        this.feed = feed;
        this.actions = actions;
        this.wait = wait;
        this.connection = connection;
        this.clock = clock;
        this.lastSuccess = clock.instant();
        this.repeating = Repeating.start("user-events", () -> pause, random, this::follow);
    }

    /**
     * Starts it.
     *
     * @param wait for an event while there is none; whole seconds
     * @param connection the feed's, closed with this: that ends the wait for events
     * @param meters gets {@code user_events_success_age_seconds}, since the feed was last read and acted on or, if it
     *     never was, since the start, and {@code user_events_lag_seconds}, the age of the oldest event that is known and
     *     not yet acted on
     */
    public static Follower start(
            FollowRepository repository,
            UserFeed feed,
            EventActions actions,
            Duration wait,
            PeerClient connection,
            Clock clock,
            RandomGenerator random,
            MeterRegistry meters) {
        Follower follower = new Follower(repository, feed, actions, wait, connection, clock, random);
        Gauge.builder("user.events.success.age", follower, Follower::successAge)
                .description("Time since the user service's events were last read and acted on")
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder("user.events.lag", follower, Follower::lag)
                .description("Age of the oldest event of the user service that is known and not yet acted on")
                .baseUnit("seconds")
                .register(meters);
        return follower;
    }

    /** Follows no more. */
    @Override
    public void close() {
        closed = true;
        connection.close();
        repeating.close();
    }

    private void follow() {
        try {
            step();
            lastSuccess = clock.instant();
            pause = SHORTEST_PAUSE;
        } catch (RuntimeException e) {
            if (closed) {
                return;
            }
            Duration longer = pause.equals(SHORTEST_PAUSE) ? FIRST_PAUSE : pause.multipliedBy(2);
            pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
            throw e;
        }
    }

    private void step() {
        Optional<String> cursor = repository.cursor();
        try {
            // What was not removed the last time is not kept waiting, nor does it keep events waiting.
            EventPage page = feed.read(cursor, actions.hasRemovals() ? Duration.ZERO : wait);
            if (behindSince == null && !page.items().isEmpty()) {
                behindSince = page.items().getFirst().occurredAt();
            }
            actions.take(cursor, page);
            actions.remove();
            behindSince = null;
        } catch (CursorRefusedException e) {
            actions.beginAnew(cursor, e);
        }
    }

    private double successAge() {
        return seconds(lastSuccess);
    }

    private double lag() {
        Instant since = behindSince;
        return since == null ? 0 : seconds(since);
    }

    private double seconds(Instant since) {
        return Math.max(0, Duration.between(since, clock.instant()).toMillis()) / 1000.0;
    }
}
