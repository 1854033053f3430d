// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

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

    /** Adds a task; once the transaction ends it is kept whatever happens to the process. */
    void add(Task task);

    /** The task, also in the trash. */
    Optional<VisibleTask> find(UUID user, UUID id);

    /** As {@link #find}, and nobody else changes it until the transaction ends. */
    Optional<VisibleTask> lock(UUID user, UUID id);

    /**
     * Writes all of a task that is there.
     *
     * @param before as it is written now
     */
    void update(Task before, Task after);

    /**
     * A part of a person's tasks, in the order of creation, without the trash.
     *
     * @param status only these; all when empty
     * @param after only those created after this one, which need not exist any more
     * @param limit at most so many
     */
    List<Task> list(UUID user, Optional<TaskStatus> status, Optional<UUID> after, int limit);

    /**
     * Removes tasks of a list, whatever they are.
     *
     * @param limit at most so many
     * @return how many there were
     */
    int removeSome(UUID list, int limit);
}
