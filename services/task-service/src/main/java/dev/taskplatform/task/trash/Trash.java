// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.trash;

import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.kit.http.TimedId;
import dev.taskplatform.task.change.ChangeLog;
import dev.taskplatform.task.change.EntityKind;
import dev.taskplatform.task.graph.Dependents;
import dev.taskplatform.task.graph.SubTrees;
import dev.taskplatform.task.task.Task;
import dev.taskplatform.task.task.TaskRepository;
import dev.taskplatform.task.task.TaskWrites;
import dev.taskplatform.task.task.VisibleTask;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Deletes tasks with their parts, brings them back, and removes for good what nobody brought back. */
public final class Trash {
    private static final int REMOVED_AT_ONCE = 100;

    private final TaskWrites writes;
    private final TaskRepository tasks;
    private final SubTrees subTrees;
    private final Dependents dependents;
    private final ChangeLog changes;
    private final Transactions transactions;
    private final Supplier<Duration> retention;

    /** @param retention how long what is deleted can come back */
    public Trash(
            TaskWrites writes,
            TaskRepository tasks,
            SubTrees subTrees,
            Dependents dependents,
            ChangeLog changes,
            Transactions transactions,
            Supplier<Duration> retention) {
        this.writes = writes;
        this.tasks = tasks;
        this.subTrees = subTrees;
        this.dependents = dependents;
        this.changes = changes;
        this.transactions = transactions;
        this.retention = retention;
    }

    /**
     * Puts a task into the trash, with its parts.
     *
     * @param versions only if it has one of these; any when empty
     * @throws dev.taskplatform.kit.problem.ProblemException 404, 403, 409 for too many parts, or 412
     */
    public void put(UUID user, UUID id, Optional<Set<Long>> versions) {
        transactions.inTransaction(() -> {
            writes.lockList(user, id);
            writes.lock(user, id, Task::isThere, versions);
            Instant now = writes.now();
            subTrees.lock(id, Optional.empty())
                    .forEach(task -> writes.write(Optional.of(user), task, task.deleted(now)));
            return id;
        });
    }

    /** As {@link TaskRepository#trash}. */
    List<Task> list(UUID user, Optional<TimedId> after, int limit) {
        return tasks.trash(user, after, limit);
    }

    /**
     * Brings a task back, with the parts that were deleted with it. Where the whole is still in the trash, it is a part of
     * nothing.
     *
     * @throws dev.taskplatform.kit.problem.ProblemException 404, 403, 409 for too many parts, or 412
     */
    Task restore(UUID user, UUID id, Optional<Set<Long>> versions) {
        return transactions.inTransaction(() -> {
            writes.lockList(user, id);
            Task root = writes.lock(user, id, task -> !task.isThere(), versions);
            Task restored = root;
            for (Task task : subTrees.lock(id, root.deletedAt())) {
                Task back = task.restored();
                if (task.id().equals(id) && !hasParent(user, root)) {
                    back = back.with(
                            back.fields()
                                    .linkedTo(Optional.empty(), back.fields().blockedBy()),
                            writes.now());
                }
                back = writes.write(Optional.of(user), task, back);
                if (task.id().equals(id)) {
                    restored = back;
                }
            }
            return restored;
        });
    }

    private boolean hasParent(UUID user, Task task) {
        return task.fields()
                .parent()
                .flatMap(parent -> tasks.find(user, parent))
                .map(VisibleTask::task)
                .filter(Task::isThere)
                .filter(parent -> parent.list().equals(task.list()))
                .isPresent();
    }

    /**
     * Removes a task for good, with the parts that were deleted with it.
     *
     * @throws dev.taskplatform.kit.problem.ProblemException 404, 403 or 409 for too many parts
     */
    void remove(UUID user, UUID id) {
        transactions.inTransaction(() -> {
            writes.lockList(user, id);
            Task root = writes.lock(user, id, task -> !task.isThere(), Optional.empty());
            remove(Optional.of(user), subTrees.lock(id, root.deletedAt()));
            return id;
        });
    }

    /** Removes for good what nobody brought back, some at a time. */
    public void purge() {
        Instant end = writes.now().minus(retention.get());
        int removed;
        do {
            removed = transactions.inTransaction(() -> {
                List<Task> old = tasks.lockDeletedBefore(end, REMOVED_AT_ONCE);
                remove(Optional.empty(), old);
                return old.size();
            });
        } while (removed == REMOVED_AT_ONCE && !Thread.currentThread().isInterrupted());
    }

    private void remove(Optional<UUID> actor, List<Task> leaving) {
        if (leaving.isEmpty()) {
            return;
        }
        dependents.release(actor, leaving.stream().map(Task::id).collect(Collectors.toSet()));
        for (Task task : leaving) {
            tasks.remove(task.id());
            changes.removed(task.list(), EntityKind.TASK, task.id(), writes.now());
        }
    }
}
