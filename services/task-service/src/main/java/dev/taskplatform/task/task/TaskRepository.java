// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import dev.taskplatform.kit.http.TimedId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The tasks of all lists. What has a parameter {@code user} is about the tasks of the lists that this person is a member of;
 * others do not exist for it.
 *
 * <p>All throw {@link dev.taskplatform.kit.database.DatabaseUnavailableException} when the database can't do it now.
 */
public interface TaskRepository {

    /**
     * Adds a task, unless there is one with its id; once the transaction ends it is kept whatever happens to the process.
     *
     * @return whether it was added
     */
    boolean add(Task task);

    /** Whether a list has more tasks than these, the trash aside; looks at no more than them. */
    boolean hasMoreThan(UUID list, int tasks);

    /** The task, also in the trash. */
    Optional<VisibleTask> find(UUID user, UUID id);

    /** As {@link #find}, and nobody else changes it until the transaction ends. */
    Optional<VisibleTask> lock(UUID user, UUID id);

    /** Tasks, also in the trash and in the order of ids, which nobody else changes until the transaction ends. */
    List<Task> lockAll(Collection<UUID> ids);

    /**
     * Writes all of a task that is there.
     *
     * @param before as it is written now
     */
    void update(Task before, Task after);

    /**
     * Tasks that a person is assigned to, at most so many; nobody else changes them until the transaction ends.
     *
     * @param list only of this one; of all when empty
     */
    List<Task> lockAssigned(UUID user, Optional<UUID> list, int limit);

    /**
     * Leaves out who made tasks, of at most so many.
     *
     * @return the tasks, as they are now
     */
    List<Task> forgetCreator(UUID user, int limit, Instant now);

    /**
     * A part of the trash of a person's lists, what was put there last first.
     *
     * @param after only what comes after this one
     */
    List<Task> trash(UUID user, Optional<TimedId> after, int limit);

    /** Tasks that have been in the trash for long, at most so many; others who ask are given others. */
    List<Task> lockDeletedBefore(Instant time, int limit);

    /** Removes a task for good. */
    void remove(UUID id);

    /**
     * Removes tasks of a list, whatever they are.
     *
     * @param limit at most so many
     * @return how many there were
     */
    int removeSome(UUID list, int limit);
}
