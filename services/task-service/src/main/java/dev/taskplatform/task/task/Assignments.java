// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.task.change.ChangeLog;
import dev.taskplatform.task.change.EntityKind;
import dev.taskplatform.task.list.MemberListener;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Takes tasks away from who does not see them any more, some at a time. */
public final class Assignments implements MemberListener {
    /** Few milliseconds of work, for which writers of an embedded database wait. */
    private static final int AT_ONCE = 100;

    private final TaskRepository repository;
    private final ChangeLog changes;
    private final Transactions transactions;

    /** Collaborators. */
    public Assignments(TaskRepository repository, ChangeLog changes, Transactions transactions) {
        this.repository = repository;
        this.changes = changes;
        this.transactions = transactions;
    }

    @Override
    public void left(UUID list, UUID user, Instant now) {
        removeAll(user, Optional.of(list), now);
    }

    /** Of all lists. */
    public void removeAll(UUID user, Instant now) {
        removeAll(user, Optional.empty(), now);
    }

    private void removeAll(UUID user, Optional<UUID> list, Instant now) {
        int found;
        do {
            found = transactions.inTransaction(() -> {
                List<Task> assigned = repository.lockAssigned(user, list, AT_ONCE);
                assigned.forEach(task -> remove(user, task, now));
                return assigned.size();
            });
        } while (found == AT_ONCE);
    }

    private void remove(UUID user, Task task, Instant now) {
        List<UUID> others = task.fields().assignees().stream()
                .filter(assignee -> !assignee.equals(user))
                .toList();
        repository.update(task, task.with(task.fields().assignedTo(others), now).changed(now));
        if (task.deletedAt().isEmpty()) {
            changes.changed(task.list(), EntityKind.TASK, task.id(), now);
        }
    }
}
