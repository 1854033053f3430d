// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.find;

import dev.taskplatform.task.task.Priority;
import dev.taskplatform.task.task.Task;
import dev.taskplatform.task.task.TaskStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Which tasks are wanted, and in what order.
 *
 * @param list of this list alone
 * @param statuses one of these; any when empty
 * @param priorities one of these; any when empty
 * @param labels all of these
 * @param assignee assigned to this person
 * @param parent a part of this task; {@link #NO_PARENT} for those that are a part of none
 * @param dueFrom due then or later
 * @param dueBefore due earlier
 * @param words all of these in title or description
 */
record TaskQuery(
        Optional<UUID> list,
        Set<TaskStatus> statuses,
        Set<Priority> priorities,
        Set<String> labels,
        Optional<UUID> assignee,
        Optional<UUID> parent,
        Optional<Instant> dueFrom,
        Optional<Instant> dueBefore,
        List<String> words,
        List<Sort> sorts) {
    static final UUID NO_PARENT = new UUID(0, 0);

    /** All of a list, or of all lists, with one of these statuses. */
    static TaskQuery of(Optional<UUID> list, Set<TaskStatus> statuses, List<Sort> sorts) {
        return new TaskQuery(
                list,
                statuses,
                Set.of(),
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                sorts);
    }

    /** The values of the keys that a task is sorted by. */
    List<Object> place(Task task) {
        List<Object> values = new ArrayList<>();
        sorts.forEach(sort -> values.add(sort.key().of(task)));
        return values;
    }
}
