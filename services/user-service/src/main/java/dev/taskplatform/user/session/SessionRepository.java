// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.session;

import dev.taskplatform.user.account.Account;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Keeps sessions. One that has ended is not there any more, whatever a clock says later. Every method throws
 * {@link dev.taskplatform.kit.database.DatabaseUnavailableException} while the database is away.
 */
public interface SessionRepository {
    /**
     * Adds a session, unless the account has been disabled or deleted or has got another password since it was read: of a
     * sign-in and a change of the password at once, the sign-in does not outlive the change.
     *
     * @return whether it was added
     */
    boolean add(Session session, Account account);

    /** The session with this id. */
    Optional<Session> find(UUID id);

    /** The session with this id, if its person may sign in. */
    Optional<Session> findOfEnabled(UUID id);

    /**
     * A person's sessions, the newest first.
     *
     * @param lastUsedAfter only those that were used since
     * @param createdAfter only those that are younger
     * @param before id of the last one of the page before
     */
    List<Session> list(UUID userId, Instant lastUsedAfter, Instant createdAfter, Optional<UUID> before, int limit);

    /**
     * Moves on to the next generation; of several at once exactly one does.
     *
     * @param expected the session as it was
     * @return false if it has another generation, or has ended
     */
    boolean rotate(Session expected, Instant now);

    /**
     * Ends a session; of several at once exactly one does.
     *
     * @return false if there is none
     */
    boolean remove(UUID id);

    /**
     * Ends a person's sessions.
     *
     * @param except one that goes on
     * @return the ids of those that ended
     */
    List<UUID> removeAll(UUID userId, Optional<UUID> except);

    /**
     * Sessions that went out of use long ago.
     *
     * @param lastUsedBefore those that were not used since
     * @param createdBefore those that are older
     */
    List<UUID> expired(Instant lastUsedBefore, Instant createdBefore, int limit);

    /**
     * Removes of these sessions those that are still out of use. Several replicas may do it at once.
     *
     * @param lastUsedBefore as in {@link #expired}
     * @param createdBefore as in {@link #expired}
     * @return how many there were
     */
    int removeExpired(List<UUID> ids, Instant lastUsedBefore, Instant createdBefore);
}
