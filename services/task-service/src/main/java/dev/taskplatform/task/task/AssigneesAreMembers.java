// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import dev.taskplatform.kit.problem.FieldError;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.task.list.ListRepository;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Tasks are assigned to who can see them. Who was assigned before and left the list stays. */
public final class AssigneesAreMembers implements TaskRule {
    private final ListRepository lists;

    /** @param lists knows the members */
    public AssigneesAreMembers(ListRepository lists) {
        this.lists = lists;
    }

    @Override
    public void check(Optional<Task> before, Task after) {
        var known = before.filter(task -> task.list().equals(after.list()))
                .map(task -> Set.copyOf(task.fields().assignees()))
                .orElse(Set.of());
        var added = after.fields().assignees().stream()
                .filter(user -> !known.contains(user))
                .toList();
        Set<UUID> members = lists.members(after.list(), added);
        for (UUID user : added) {
            if (!members.contains(user)) {
                throw ProblemException.invalidField(FieldError.value(
                        "assignees", "%s is no member of the task's list; share the list first.".formatted(user)));
            }
        }
    }
}
