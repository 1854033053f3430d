// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.list;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Lists and their members. All throw {@link dev.taskplatform.kit.database.DatabaseUnavailableException} when the database
 * can't do it now.
 */
public interface ListRepository {
    /**
     * Adds a list that belongs to a person, unless there is one with its id.
     *
     * @return whether it was added
     */
    boolean add(TaskList list, UUID owner);

    /** What a person may do with a list; empty if nothing, as for a list that is not there. */
    Optional<ListRole> role(UUID user, UUID list);

    /** Those of the persons who are members of the list. */
    Set<UUID> members(UUID list, Collection<UUID> users);

    /** Lists that belong to a person, at most so many. */
    List<UUID> owned(UUID user, int limit);

    /** Removes a list that has no tasks, and its members. */
    void remove(UUID list);

    /** Takes a person out of all lists. */
    void removeMember(UUID user);
}
