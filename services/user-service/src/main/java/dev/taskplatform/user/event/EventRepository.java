// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.event;

import java.time.Instant;
import java.util.List;

/**
 * Reads events in the order in which they were committed. Positions have no gaps, and a reader that has seen one has seen
 * all before it. Every method throws {@link dev.taskplatform.kit.database.DatabaseUnavailableException} while the database
 * is away.
 */
public interface EventRepository {
    /** Position of the last event that was ever appended; 0 if there was none. */
    long last();

    /** Position before the first event that is kept; {@link #last()} if none is. */
    long beforeFirst();

    /**
     * Events after a position, the earliest first.
     *
     * @param limit at most so many
     */
    List<PublishedEvent> after(long position, int limit);

    /** Removes events from the earliest up to the first that happened at or after this. */
    void purge(Instant before);
}
