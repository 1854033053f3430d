// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.follow;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * How far the events have been acted on, and whose access tokens are refused. Every method throws
 * {@link dev.taskplatform.kit.database.DatabaseUnavailableException} while the database is away.
 */
public interface FollowRepository {
    /** Where to go on; empty at the first event that is kept. */
    Optional<String> cursor();

    /**
     * Takes in a page in one step, unless another replica has moved the cursor since: whose tokens are refused from now on
     * and whose no more, what is to be removed, and where to go on. So each event is taken in once, in its turn.
     *
     * @param expected the cursor that the page comes after
     * @return false if the cursor is another one
     */
    boolean take(Optional<String> expected, EventPage page, Instant now);

    /**
     * Begins anew with the first event that is kept, unless another replica has moved the cursor.
     *
     * @return false if the cursor is another one
     */
    boolean beginAnew(Optional<String> expected);

    /** What is still to be removed, at most so many. */
    List<Removal> removals(int limit);

    /** Forgets a removal that is done. */
    void done(Removal removal);

    /** Whether one of these is refused. */
    boolean isEnded(UUID userId, Optional<UUID> sessionId);

    /** Deleted persons whose last access token has expired, at most so many. */
    List<UUID> expiredOwners(Instant now, int limit);

    /** Forgets that this person was deleted. */
    void forget(UUID userId);

    /** Forgets sessions and disabled persons whose last access token has expired. */
    void purge(Instant now);
}
