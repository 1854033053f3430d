// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.follow;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Acts on events. Whatever ends this in the middle, the next attempt, here or in another replica, goes on where it was and
 * does no harm. So every replica follows by itself, and none needs to know of the others.
 */
public final class EventActions {
    private static final Logger LOGGER = System.getLogger(EventActions.class.getName());

    private static final int AT_ONCE = 100;

    private final FollowRepository repository;
    private final OwnerRemoval tasks;
    private final UserFeed feed;
    private final Clock clock;

    /** Collaborators. */
    public EventActions(FollowRepository repository, OwnerRemoval tasks, UserFeed feed, Clock clock) {
        this.repository = repository;
        this.tasks = tasks;
        this.feed = feed;
        this.clock = clock;
    }

    /** Takes in a page that comes after a cursor. */
    void take(Optional<String> cursor, EventPage page) {
        if (cursor.filter(page.next()::equals).isEmpty()) {
            repository.take(cursor, page, clock.instant());
        }
    }

    /** Whether something is still to be removed. */
    boolean hasRemovals() {
        return !repository.removals(1).isEmpty();
    }

    /**
     * Removes what is still to be removed, and acknowledges it. Tokens of these persons do not work any more, so nothing new
     * comes meanwhile.
     */
    void remove() {
        for (List<Removal> open = repository.removals(AT_ONCE); !open.isEmpty(); open = repository.removals(AT_ONCE)) {
            open.forEach(this::remove);
        }
    }

    /** Begins anew after a cursor that the user service refuses. */
    void beginAnew(Optional<String> cursor, CursorRefusedException e) {
        if (repository.beginAnew(cursor)) {
            LOGGER.log(
                    Level.WARNING,
                    "{0}; this service begins with the first event that is kept. It may have missed that accounts were"
                            + " deleted: compare the members of lists (SELECT DISTINCT user_id FROM list_member) with"
                            + " POST /internal/v1/users/lookup of the user service, and remove what belongs to persons that it"
                            + " does not know",
                    e.getMessage());
        }
    }

    /**
     * Forgets what is known against tokens that have expired. A request that was let in just before its person was deleted
     * may have made a task just after: that is removed now, when none can be made any more.
     */
    public void purge() {
        for (UUID owner : repository.expiredOwners(clock.instant(), AT_ONCE)) {
            tasks.removeAll(owner);
            repository.forget(owner);
        }
        repository.purge(clock.instant());
    }

    private void remove(Removal removal) {
        tasks.removeAll(removal.owner());
        boolean known = feed.acknowledge(removal.deletionId());
        repository.done(removal);
        if (known) {
            LOGGER.log(Level.INFO, "Removed the tasks of the deleted account {0}", removal.owner());
        } else {
            LOGGER.log(
                    Level.WARNING,
                    "Removed the tasks of the deleted account {0}, but the user service knows of no deletion {1}",
                    removal.owner(),
                    removal.deletionId());
        }
    }
}
