// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.list;

import java.time.Instant;
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

    /** Writes the name of a list that is there, and its version. */
    void update(TaskList list);

    /** Has others who want to change the list or its members wait until this transaction ends. */
    void lock(UUID list);

    /** A list that a person is a member of. */
    Optional<VisibleList> find(UUID user, UUID list);

    /**
     * The lists that a person is a member of, in the order of their ids.
     *
     * @param after only those after this one
     */
    List<VisibleList> list(UUID user, Optional<UUID> after, int limit);

    /** How many lists a person is a member of. */
    int count(UUID user);

    /** What a person may do with a list; empty if nothing, as for a list that is not there. */
    Optional<ListRole> role(UUID user, UUID list);

    /** Those of the persons who are members of the list. */
    Set<UUID> members(UUID list, Collection<UUID> users);

    /** All members, the highest role first, and of two with the same who has it longer. */
    List<Member> members(UUID list);

    /** Makes somebody a member, or gives a member another role. */
    void putMember(UUID list, Member member);

    /** Takes somebody out, and keeps that they were in. */
    void removeMember(UUID list, UUID user, Instant now);

    /** Lists that a person is a member of, at most so many. */
    List<UUID> joined(UUID user, int limit);

    /** A list that nobody sees any more is to be removed. */
    void removeLater(UUID list);

    /** Lists that are to be removed, at most so many. */
    List<UUID> toRemove(int limit);

    /** Removes a list that has neither members nor tasks. */
    void remove(UUID list);
}
