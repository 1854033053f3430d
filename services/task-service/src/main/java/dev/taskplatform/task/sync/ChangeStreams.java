// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.sync;

import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.database.DatabaseUnavailableException;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.kit.schedule.Repeating;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Open streams of changes. One query finds out for all of them which lists changed; only streams of who is a member then read
 * on. A stream ends with its access token, when its client does not read, and when the server drains; the client comes back
 * with the last id that it has.
 */
public final class ChangeStreams implements AutoCloseable {
    private static final int MOST = 1_000;
    private static final int MOST_OF_A_PERSON = 10;
    private static final int AT_ONCE = 100;
    private static final int MOST_LOOKED_AT = 1_000;
    private static final Duration LOOK = Duration.ofMillis(400);
    /** Also how soon a stream knows that its person gained or lost a list, or may not read any more. */
    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(3);

    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final Duration LONGEST_WRITE = Duration.ofSeconds(30);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);
    private static final ProblemType TOO_MANY_STREAMS = ProblemType.of("too-many-streams", 429, "Too many streams");

    private final ChangeFeed feed;
    private final FeedRepository repository;
    private final Predicate<AccessToken> live;
    private final Clock clock;
    private final Set<Place> open = ConcurrentHashMap.newKeySet();
    private final Repeating looking;
    private volatile boolean ending;
    private long seen;

    private ChangeStreams(
            ChangeFeed feed,
            FeedRepository repository,
            Predicate<AccessToken> live,
            Clock clock,
            RandomGenerator random) {
        this.feed = feed;
        this.repository = repository;
        this.live = live;
        this.clock = clock;
        this.looking = Repeating.start("change-streams", () -> LOOK, random, this::look);
    }

    /**
     * Starts looking for changes.
     *
     * @param live whether an access token is still good
     * @param meters gets {@code change_streams_open}
     */
    public static ChangeStreams start(
            ChangeFeed feed,
            FeedRepository repository,
            Predicate<AccessToken> live,
            Clock clock,
            RandomGenerator random,
            MeterRegistry meters) {
        ChangeStreams streams = new ChangeStreams(feed, repository, live, clock, random);
        Gauge.builder("change.streams.open", streams.open, Set::size)
                .description("Streams of changes that clients have open")
                .register(meters);
        return streams;
    }

    /**
     * A place for a stream; close it in the end.
     *
     * @throws ProblemException 429 when the person has too many, 503 when all have, or the server is about to stop
     */
    Place open(AccessToken caller) {
        Place place = new Place(caller);
        open.add(place);
        long own = open.stream()
                .filter(other -> other.caller.userId().equals(caller.userId()))
                .count();
        if (own > MOST_OF_A_PERSON) {
            place.close();
            throw new ProblemException(
                            TOO_MANY_STREAMS, "You have %d streams open. Close one.".formatted(MOST_OF_A_PERSON))
                    .withRetryAfter(RETRY_AFTER);
        }
        if (ending || open.size() > MOST) {
            place.close();
            throw ProblemException.unavailable("There is no room for one more stream here.", RETRY_AFTER, null);
        }
        return place;
    }

    /** Ends all streams, for their clients to connect elsewhere. */
    public void end() {
        ending = true;
        open.forEach(Place::wake);
    }

    @Override
    public void close() {
        end();
        looking.close();
    }

    private void look() {
        if (open.isEmpty()) {
            seen = 0;
            return;
        }
        open.forEach(Place::requireReader);
        if (seen == 0) {
            seen = repository.horizon();
            open.forEach(Place::wake);
            return;
        }
        long next = repository.horizon();
        Set<UUID> changed = repository.changedSince(seen, MOST_LOOKED_AT);
        seen = next;
        if (!changed.isEmpty()) {
            open.stream().filter(place -> place.isOf(changed)).forEach(Place::wake);
        }
    }

    /** One stream. */
    final class Place implements AutoCloseable {
        private final AccessToken caller;
        private final Semaphore woken = new Semaphore(0);
        private volatile Set<UUID> lists = Set.of();
        private volatile Thread writer;
        private volatile long writingSince;

        private Place(AccessToken caller) {
            this.caller = caller;
        }

        /** Writes changes until the stream ends; returns when the client is gone. */
        void run(FeedToken start, EventWriter out) {
            writer = Thread.currentThread();
            FeedToken place = start;
            long lastWrite = System.nanoTime();
            boolean isFirst = true;
            try {
                while (!ending && isAllowed()) {
                    lists = repository.lists(caller.userId());
                    FeedPage page = feed.read(caller.userId(), Optional.of(place), AT_ONCE);
                    if (isFirst || !page.items().isEmpty()) {
                        write(() -> out.changes(page));
                        lastWrite = System.nanoTime();
                        isFirst = false;
                    } else if (System.nanoTime() - lastWrite > HEARTBEAT.toNanos()) {
                        write(out::heartbeat);
                        lastWrite = System.nanoTime();
                    }
                    place = page.next();
                    if (!page.more()) {
                        sleep();
                    }
                }
            } catch (IOException | UncheckedIOException | DatabaseUnavailableException e) {
                // The client is gone, or comes back when the database does.
            } catch (InterruptedException e) {
                // It did not read.
            }
        }

        private boolean isAllowed() {
            return clock.instant().isBefore(caller.expiresAt()) && live.test(caller);
        }

        private void sleep() throws InterruptedException {
            if (woken.tryAcquire(LONGEST_SLEEP.toMillis(), TimeUnit.MILLISECONDS)) {
                woken.drainPermits();
            }
        }

        private void write(Write write) throws IOException {
            writingSince = System.nanoTime();
            try {
                write.run();
            } finally {
                writingSince = 0;
            }
        }

        private void requireReader() {
            long since = writingSince;
            Thread thread = writer;
            if (since != 0 && thread != null && System.nanoTime() - since > LONGEST_WRITE.toNanos()) {
                thread.interrupt();
            }
        }

        private boolean isOf(Set<UUID> changed) {
            return changed.stream().anyMatch(lists::contains);
        }

        private void wake() {
            woken.release();
        }

        @Override
        public void close() {
            open.remove(this);
        }
    }

    private interface Write {
        void run() throws IOException;
    }
}
