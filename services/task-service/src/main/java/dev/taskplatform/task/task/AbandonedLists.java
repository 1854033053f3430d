// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import dev.taskplatform.task.list.ListRepository;
import java.util.List;
import java.util.UUID;

/** Lists that nobody sees any more. */
public final class AbandonedLists {
    /** Few milliseconds of work, for which writers of an embedded database wait. */
    private static final int REMOVED_AT_ONCE = 500;

    private final TaskRepository tasks;
    private final ListRepository lists;

    /** Collaborators. */
    public AbandonedLists(TaskRepository tasks, ListRepository lists) {
        this.tasks = tasks;
        this.lists = lists;
    }

    /** Removes all of them with their tasks, some at a time; a repeat does no harm. */
    public void remove() {
        for (List<UUID> next = lists.toRemove(1); !next.isEmpty(); next = lists.toRemove(1)) {
            UUID list = next.getFirst();
            int removed;
            do {
                removed = tasks.removeSome(list, REMOVED_AT_ONCE);
            } while (removed == REMOVED_AT_ONCE);
            lists.remove(list);
        }
    }
}
