// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import dev.taskplatform.kit.id.UuidGenerator;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What can be done with tasks, whatever the protocol. */
public final class Tasks {
    /** Few milliseconds of work, for which writers of an embedded database wait. */
    private static final int REMOVED_AT_ONCE = 500;

    private final TaskRepository repository;
    private final UuidGenerator ids;
    private final Clock clock;

    /** Collaborators. */
    public Tasks(TaskRepository repository, UuidGenerator ids, Clock clock) {
        this.repository = repository;
        this.ids = ids;
        this.clock = clock;
    }

    /** Makes a task. */
    public Task create(UUID owner, String title, Optional<String> description, TaskStatus status) {
        Instant now = now();
        Task task = new Task(ids.next(), owner, title, description, status, 1, now, now);
        repository.add(task);
        return task;
    }

    /** As {@link TaskRepository#find}. */
    public Optional<Task> find(UUID owner, UUID id) {
        return repository.find(owner, id);
    }

    /** As {@link TaskRepository#list}. */
    public List<Task> list(UUID owner, Optional<TaskStatus> status, Optional<UUID> after, int limit) {
        return repository.list(owner, status, after, limit);
    }

    /** As {@link TaskRepository#change}, now. */
    public Optional<Task> change(UUID owner, UUID id, TaskPatch patch, Optional<Set<Long>> versions)
            throws VersionMismatchException {
        return repository.change(owner, id, patch, versions, now());
    }

    /** As {@link TaskRepository#remove}. */
    public boolean remove(UUID owner, UUID id, Optional<Set<Long>> versions) throws VersionMismatchException {
        return repository.remove(owner, id, versions);
    }

    /** Removes all tasks of an owner, some at a time. */
    public void removeAll(UUID owner) {
        int removed;
        do {
            removed = repository.removeSome(owner, REMOVED_AT_ONCE);
        } while (removed == REMOVED_AT_ONCE);
    }

    /** As precise as the database, so that what a client is told is what it will read. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
