// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.kit.http.Preconditions;
import dev.taskplatform.kit.id.UuidGenerator;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.task.change.ChangeLog;
import dev.taskplatform.task.change.EntityKind;
import dev.taskplatform.task.list.ListRole;
import dev.taskplatform.task.list.Lists;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** What can be done with tasks, whatever the protocol. */
public final class Tasks {
    private final TaskRepository repository;
    private final Lists lists;
    private final List<TaskRule> rules;
    private final List<TaskListener> listeners;
    private final ChangeLog changes;
    private final Transactions transactions;
    private final UuidGenerator ids;
    private final Clock clock;

    /**
     * @param rules what must be so of each task that is written
     * @param listeners are told of each change, in this order
     */
    public Tasks(
            TaskRepository repository,
            Lists lists,
            List<TaskRule> rules,
            List<TaskListener> listeners,
            ChangeLog changes,
            Transactions transactions,
            UuidGenerator ids,
            Clock clock) {
        this.repository = repository;
        this.lists = lists;
        this.rules = List.copyOf(rules);
        this.listeners = List.copyOf(listeners);
        this.changes = changes;
        this.transactions = transactions;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Makes a task.
     *
     * @param list the person's inbox when empty
     * @throws ProblemException 404 or 403 when the person may not write into the list; 400 when a rule is broken
     */
    public Task create(UUID user, Optional<UUID> list, TaskFields fields) {
        return transactions.inTransaction(() -> {
            Instant now = now();
            UUID home = list.orElseGet(() -> lists.inbox(user, now));
            return add(user, Task.create(ids.next(), home, user, fields, now));
        });
    }

    /**
     * Adds a task as it is, such as one that was made elsewhere.
     *
     * @throws ProblemException as {@link #create}
     */
    public Task add(UUID user, Task task) {
        return transactions.inTransaction(() -> {
            lists.require(user, task.list(), ListRole.WRITE);
            rules.forEach(rule -> rule.check(Optional.empty(), task));
            repository.add(task);
            changes.changed(task.list(), EntityKind.TASK, task.id(), task.updatedAt());
            tell(new TaskChange(Optional.empty(), task, user));
            return task;
        });
    }

    /**
     * A task that the person can see and that is not in the trash.
     *
     * @throws ProblemException 404 when it is none
     */
    public Task get(UUID user, UUID id) {
        return see(user, id).task();
    }

    /** As {@link #get}, with what the person may do with it. */
    public VisibleTask see(UUID user, UUID id) {
        return repository
                .find(user, id)
                .filter(visible -> isThere(visible.task()))
                .orElseThrow(Tasks::notFound);
    }

    /** As {@link TaskRepository#list}. */
    public List<Task> list(UUID user, Optional<TaskStatus> status, Optional<UUID> after, int limit) {
        return repository.list(user, status, after, limit);
    }

    /**
     * Changes what people wrote in one step: of two changes at a time neither is lost, and of two with the same version only
     * one succeeds. A change that changes nothing makes no new version.
     *
     * @param versions the change is for these; for any when empty
     * @param edit of the fields as they are then
     * @return the task as it is now
     * @throws ProblemException 404, 403 or 412, or what a rule or the edit throws
     */
    public Task change(UUID user, UUID id, Optional<Set<Long>> versions, UnaryOperator<TaskFields> edit) {
        return edit(user, id, versions, (task, now) -> task.with(edit.apply(task.fields()), now));
    }

    /**
     * Puts a task into the trash.
     *
     * @param versions only if it has one of these; any when empty
     * @throws ProblemException 404, 403 or 412
     */
    public void remove(UUID user, UUID id, Optional<Set<Long>> versions) {
        edit(user, id, versions, Task::deleted);
    }

    private Task edit(UUID user, UUID id, Optional<Set<Long>> versions, TaskEdit edit) {
        return transactions.inTransaction(() -> {
            VisibleTask found = repository
                    .lock(user, id)
                    .filter(visible -> isThere(visible.task()))
                    .orElseThrow(Tasks::notFound);
            found.role().require(ListRole.WRITE);
            Task before = found.task();
            if (versions.isPresent() && !versions.get().contains(before.version())) {
                throw Preconditions.failed();
            }
            Instant now = now();
            Task edited = edit.apply(before, now);
            return edited.equals(before) ? before : write(before, edited.changed(now), user);
        });
    }

    private Task write(Task before, Task after, UUID actor) {
        Optional<Task> previous = Optional.of(before);
        rules.forEach(rule -> rule.check(previous, after));
        repository.update(before, after);
        record(before, after);
        tell(new TaskChange(previous, after, actor));
        return after;
    }

    private void record(Task before, Task after) {
        if (!before.list().equals(after.list())) {
            changes.removed(before.list(), EntityKind.TASK, after.id(), after.updatedAt());
        }
        if (isThere(after)) {
            changes.changed(after.list(), EntityKind.TASK, after.id(), after.updatedAt());
        } else {
            changes.removed(after.list(), EntityKind.TASK, after.id(), after.updatedAt());
        }
    }

    private void tell(TaskChange change) {
        listeners.forEach(listener -> listener.changed(change));
    }

    private static boolean isThere(Task task) {
        return task.deletedAt().isEmpty();
    }

    private static ProblemException notFound() {
        return new ProblemException(ProblemType.NOT_FOUND, "There is no such task that you may see.");
    }

    /** As precise as the database, so that what a client is told is what it will read. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private interface TaskEdit {
        Task apply(Task before, Instant now);
    }
}
