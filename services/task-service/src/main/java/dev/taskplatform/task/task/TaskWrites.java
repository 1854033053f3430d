// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import dev.taskplatform.kit.http.Preconditions;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.task.change.ChangeLog;
import dev.taskplatform.task.change.EntityKind;
import dev.taskplatform.task.list.ListRole;
import dev.taskplatform.task.list.Lists;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * The one way in which tasks are written: with their rules, their place in the order of changes, and word to who listens. All
 * methods are called in a transaction.
 */
public final class TaskWrites {
    /** Tasks of a list, the trash aside. */
    static final int MOST_OF_A_LIST = 100_000;

    /**
     * To count a list at each new task would cost as much as the list is long. Counted at one of so many, it gets about so many
     * more than it may at most.
     */
    private static final int COUNTED_ONCE_OF = 256;

    private final TaskRepository repository;
    private final Lists lists;
    private final List<TaskRule> rules;
    private final List<TaskListener> listeners;
    private final ChangeLog changes;
    private final RandomGenerator random;
    private final Clock clock;

    /**
     * @param rules what must be so of each task that is written
     * @param listeners are told of each change, in this order
     */
    public TaskWrites(
            TaskRepository repository,
            Lists lists,
            List<TaskRule> rules,
            List<TaskListener> listeners,
            ChangeLog changes,
            RandomGenerator random,
            Clock clock) {
        this.repository = repository;
        this.lists = lists;
        this.rules = List.copyOf(rules);
        this.listeners = List.copyOf(listeners);
        this.changes = changes;
        this.random = random;
        this.clock = clock;
    }

    /** The time of what is written now. */
    public Instant now() {
        return clock.instant();
    }

    /**
     * Adds a task.
     *
     * @throws ProblemException 404 or 403 when the person may not write into its list, 409 when that is full or another task
     *     has the id, or what a rule throws
     */
    public Task add(UUID user, Task task) {
        lists.require(user, task.list(), ListRole.WRITE);
        rules.forEach(rule -> rule.check(Optional.empty(), task));
        if (random.nextInt(COUNTED_ONCE_OF) == 0 && repository.hasMoreThan(task.list(), MOST_OF_A_LIST)) {
            throw new ProblemException(
                    ProblemType.LIMIT_REACHED,
                    "A list may have %d tasks. Delete what is done, or make another list.".formatted(MOST_OF_A_LIST));
        }
        if (!repository.add(task)) {
            throw Tasks.idTaken();
        }
        changes.changed(task.list(), EntityKind.TASK, task.id(), task.updatedAt());
        tell(new TaskChange(Optional.empty(), task, Optional.of(user)));
        return task;
    }

    /**
     * A task that is to be changed, which nobody else changes until the transaction ends.
     *
     * @param which others are as if they did not exist
     * @param versions it must have one of these; any when empty
     * @throws ProblemException 404, 403 or 412
     */
    public Task lock(UUID user, UUID id, Predicate<Task> which, Optional<Set<Long>> versions) {
        VisibleTask found = repository
                .lock(user, id)
                .filter(visible -> which.test(visible.task()))
                .orElseThrow(TaskWrites::notFound);
        found.role().require(ListRole.WRITE);
        if (versions.isPresent() && !versions.get().contains(found.task().version())) {
            throw Preconditions.failed();
        }
        return found.task();
    }

    /**
     * Has others wait who would change links or places of tasks in a list; call it before tasks are locked.
     *
     * @param id of a task of the list
     * @return the list
     * @throws ProblemException 404
     */
    public UUID lockList(UUID user, UUID id) {
        UUID list = repository
                .find(user, id)
                .orElseThrow(TaskWrites::notFound)
                .task()
                .list();
        lists.lock(list);
        return list;
    }

    /**
     * Writes the next version of a task, unless nothing is changed.
     *
     * @param actor who changes it; empty for the service itself
     * @param before as it is, locked
     * @param edited with the version that it has
     * @return as it is from now on
     * @throws ProblemException what a rule throws
     */
    public Task write(Optional<UUID> actor, Task before, Task edited) {
        if (edited.equals(before)) {
            return before;
        }
        Task after = edited.changed(now());
        Optional<Task> previous = Optional.of(before);
        rules.forEach(rule -> rule.check(previous, after));
        repository.update(before, after);
        if (!before.list().equals(after.list())) {
            changes.removed(before.list(), EntityKind.TASK, after.id(), after.updatedAt());
        }
        if (after.isThere()) {
            changes.changed(after.list(), EntityKind.TASK, after.id(), after.updatedAt());
        } else {
            changes.removed(after.list(), EntityKind.TASK, after.id(), after.updatedAt());
        }
        tell(new TaskChange(previous, after, actor));
        return after;
    }

    static ProblemException notFound() {
        return new ProblemException(ProblemType.NOT_FOUND, "There is no such task that you may see.");
    }

    private void tell(TaskChange change) {
        listeners.forEach(listener -> listener.changed(change, this));
    }
}
