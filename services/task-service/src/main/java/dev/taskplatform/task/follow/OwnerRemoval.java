// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.follow;

import java.util.UUID;

/** Removes what belongs to a person. */
@FunctionalInterface
public interface OwnerRemoval {
    /**
     * Removes all of it, in pieces that keep others from their work only for a moment; a repeat does no harm.
     *
     * @throws dev.taskplatform.kit.database.DatabaseUnavailableException when the database can't do it now; some may be
     *     gone
     */
    void removeAll(UUID owner);
}
