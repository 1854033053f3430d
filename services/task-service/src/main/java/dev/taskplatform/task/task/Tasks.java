// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.kit.id.UuidGenerator;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.task.list.ListRole;
import dev.taskplatform.task.list.Lists;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** What can be done with tasks one by one, whatever the protocol. */
public final class Tasks {
    private final TaskRepository repository;
    private final TaskWrites writes;
    private final Lists lists;
    private final Transactions transactions;
    private final UuidGenerator ids;

    /** Collaborators. */
    public Tasks(
            TaskRepository repository, TaskWrites writes, Lists lists, Transactions transactions, UuidGenerator ids) {
        this.repository = repository;
        this.writes = writes;
        this.lists = lists;
        this.transactions = transactions;
        this.ids = ids;
    }

    /**
     * Makes a task.
     *
     * @param list the person's inbox when empty
     * @throws ProblemException 404 or 403 when the person may not write into the list, or what a rule throws
     */
    public Task create(UUID user, Optional<UUID> list, TaskFields fields) {
        return transactions.inTransaction(() -> {
            Instant now = writes.now();
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
            if (task.fields().isLinked()) {
                lists.require(user, task.list(), ListRole.WRITE);
                lists.lock(task.list());
            }
            return writes.add(user, task);
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
                .filter(visible -> visible.task().isThere())
                .orElseThrow(TaskWrites::notFound);
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
     * @param edit of the fields as they are then; may be asked twice
     * @return the task as it is now
     * @throws ProblemException 404, 403 or 412, or what a rule or the edit throws
     */
    public Task change(UUID user, UUID id, Optional<Set<Long>> versions, UnaryOperator<TaskFields> edit) {
        return transactions.inTransaction(() -> {
            VisibleTask seen = see(user, id);
            seen.role().require(ListRole.WRITE);
            TaskFields fields = seen.task().fields();
            if (!edit.apply(fields).hasLinksOf(fields)) {
                writes.lockList(user, id);
            }
            Task before = writes.lock(user, id, Task::isThere, versions);
            return writes.write(Optional.of(user), before, before.with(edit.apply(before.fields()), writes.now()));
        });
    }
}
