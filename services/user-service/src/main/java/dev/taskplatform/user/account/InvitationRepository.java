// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Keeps invitations. Every method throws {@link dev.taskplatform.kit.database.DatabaseUnavailableException} while the
 * database is away.
 */
public interface InvitationRepository {
    /** @param tokenHash {@link InvitationToken#hash} */
    void add(Invitation invitation, byte[] tokenHash);

    /** The invitation with this id. */
    Optional<Invitation> find(UUID id);

    /** The invitation with this secret, whether or not one can register with it. */
    Optional<Invitation> find(byte[] tokenHash);

    /**
     * Invitations, in the order in which they were made.
     *
     * @param after only those made after this one
     * @param limit at most so many
     */
    List<Invitation> list(Optional<UUID> after, int limit);

    /**
     * Uses an invitation up; of several at once exactly one succeeds.
     *
     * @return false if it is not open any more
     */
    boolean use(UUID id, UUID usedBy, Instant now);

    /**
     * Revokes an invitation that was neither used nor revoked.
     *
     * @return false if it was, or there is none
     */
    boolean revoke(UUID id, Instant now);
}
