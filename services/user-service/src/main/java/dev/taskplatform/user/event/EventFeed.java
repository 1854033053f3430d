// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.event;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What services follow: events since the ones that they know, now or as soon as there are any. */
public final class EventFeed {
    private final EventRepository repository;
    private final EventWatch watch;
    private final Supplier<EventSettings> settings;
    private final Clock clock;

    /** Collaborators. */
    public EventFeed(EventRepository repository, EventWatch watch, Supplier<EventSettings> settings, Clock clock) {
        this.repository = repository;
        this.watch = watch;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * The next events.
     *
     * @param after position of the last one that the reader knows; empty for all that are kept
     * @param limit at most so many
     * @param wait how long to wait for one if there is none
     * @throws CursorExpiredException when events in between are no longer kept, or the position is from a database that was
     *     since put back to an earlier state
     */
    public Part read(Optional<Long> after, int limit, Duration wait) throws CursorExpiredException {
        long position = after.isPresent() ? after.get() : repository.beforeFirst();
        Part part = part(position, limit);
        if (!part.events().isEmpty() || !watch.awaitAfter(position, wait)) {
            return part;
        }
        return part(position, limit);
    }

    /** Removes what is kept no longer. */
    public void purge() {
        repository.purge(clock.instant().minus(settings.get().retention()));
    }

    private Part part(long position, int limit) throws CursorExpiredException {
        // Asked first: it may only grow before the events are read.
        long last = repository.last();
        List<PublishedEvent> events = repository.after(position, limit);
        if (events.isEmpty() ? last != position : events.getFirst().position() != position + 1) {
            throw new CursorExpiredException();
        }
        return new Part(events, events.isEmpty() ? position : events.getLast().position());
    }

    /**
     * A part of the feed.
     *
     * @param events in their order
     * @param position where the next part begins: of the last event, or, if there is none, the one asked for
     */
    public record Part(List<PublishedEvent> events, long position) {}
}
