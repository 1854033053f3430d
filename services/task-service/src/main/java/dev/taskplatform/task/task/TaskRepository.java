// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The tasks of all users. Every method is about one owner's; another's do not exist for it.
 *
 * <p>All throw {@link dev.taskplatform.kit.database.DatabaseUnavailableException} when the database can't do it now.
 */
public interface TaskRepository {

    /** Adds a task; once this returns it is kept whatever happens to the process. */
    void add(Task task);

    /** The task. */
    Optional<Task> find(UUID owner, UUID id);

    /**
     * A part of the owner's tasks, in the order of creation.
     *
     * @param status only these; all when empty
     * @param after only those created after this one, which need not exist any more
     * @param limit at most so many
     */
    List<Task> list(UUID owner, Optional<TaskStatus> status, Optional<UUID> after, int limit);

    /**
     * Changes a task in one step: of two changes at a time neither is lost, and of two with the same version only one
     * succeeds.
     *
     * @param versions the change is for these; for any when empty
     * @param now the new {@code updatedAt}
     * @return the task as it is now; empty when there is none
     * @throws VersionMismatchException when the task has another version
     */
    Optional<Task> change(UUID owner, UUID id, TaskPatch patch, Optional<Set<Long>> versions, Instant now)
            throws VersionMismatchException;

    /**
     * Removes a task.
     *
     * @param versions only if it has one of these; any when empty
     * @return whether there was one
     * @throws VersionMismatchException when the task has another version
     */
    boolean remove(UUID owner, UUID id, Optional<Set<Long>> versions) throws VersionMismatchException;

    /**
     * Removes tasks of an owner, whatever they are.
     *
     * @param limit at most so many
     * @return how many there were
     */
    int removeSome(UUID owner, int limit);
}
