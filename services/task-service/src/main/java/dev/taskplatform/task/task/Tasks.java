// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.kit.id.UuidGenerator;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.task.list.ListRole;
import dev.taskplatform.task.list.Lists;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** What can be done with tasks one by one, whatever the protocol. */
public final class Tasks {
    private static final ProblemType ID_TAKEN = ProblemType.of("id-taken", 409, "The id is another task's");

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
     * Makes a task, unless the same person made it already with this id and in this list: what a client repeats that got no
     * answer.
     *
     * @throws ProblemException 404 or 403 when the person may not write into the list, 409 when another task has the id, or
     *     what a rule throws
     */
    public Created create(UUID user, Creation creation) {
        return transactions.inTransaction(() -> {
            Instant now = writes.now();
            UUID list = creation.list().orElseGet(() -> lists.inbox(user, now));
            Optional<Task> known =
                    creation.id().flatMap(id -> repository.find(user, id)).map(VisibleTask::task);
            if (known.isPresent()) {
                return new Created(
                        known.filter(task -> isRepeated(task, user, list)).orElseThrow(Tasks::idTaken), false);
            }
            UUID id = creation.id().orElseGet(ids::next);
            return new Created(add(user, Task.create(id, list, user, creation.fields(), now)), true);
        });
    }

    private static boolean isRepeated(Task task, UUID user, UUID list) {
        return task.isThere() && task.list().equals(list) && task.creator().equals(Optional.of(user));
    }

    static ProblemException idTaken() {
        return new ProblemException(ID_TAKEN, "Another task has this id. Take a new one.");
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

    /**
     * A task, and whether it was made just now.
     *
     * @param isNew false when it was there already
     */
    public record Created(Task task, boolean isNew) {}
}
