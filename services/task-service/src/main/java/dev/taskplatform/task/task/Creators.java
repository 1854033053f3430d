// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.task.change.ChangeLog;
import dev.taskplatform.task.change.EntityKind;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Who made tasks that others still have. */
public final class Creators {
    private static final int AT_ONCE = 500;

    private final TaskRepository repository;
    private final ChangeLog changes;
    private final Transactions transactions;

    /** Collaborators. */
    public Creators(TaskRepository repository, ChangeLog changes, Transactions transactions) {
        this.repository = repository;
        this.changes = changes;
        this.transactions = transactions;
    }

    /** Forgets that a person made tasks, some at a time. */
    public void forget(UUID user, Instant now) {
        int found;
        do {
            found = transactions.inTransaction(() -> {
                List<Task> made = repository.forgetCreator(user, AT_ONCE, now);
                made.stream()
                        .filter(task -> task.deletedAt().isEmpty())
                        .forEach(task -> changes.changed(task.list(), EntityKind.TASK, task.id(), now));
                return made.size();
            });
        } while (found == AT_ONCE);
    }
}
