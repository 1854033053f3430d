// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import dev.taskplatform.task.list.ListRepository;
import java.util.List;
import java.util.UUID;

/** What remains of a person whose account is deleted. */
public final class OwnerTasks {
    /** Few milliseconds of work, for which writers of an embedded database wait. */
    private static final int REMOVED_AT_ONCE = 500;

    private final TaskRepository tasks;
    private final ListRepository lists;

    /** Collaborators. */
    public OwnerTasks(TaskRepository tasks, ListRepository lists) {
        this.tasks = tasks;
        this.lists = lists;
    }

    /** Removes the lists of a person with their tasks, some at a time, and takes the person out of others' lists. */
    public void removeAll(UUID user) {
        for (List<UUID> owned = lists.owned(user, 1); !owned.isEmpty(); owned = lists.owned(user, 1)) {
            UUID list = owned.getFirst();
            int removed;
            do {
                removed = tasks.removeSome(list, REMOVED_AT_ONCE);
            } while (removed == REMOVED_AT_ONCE);
            lists.remove(list);
        }
        lists.removeMember(user);
    }
}
