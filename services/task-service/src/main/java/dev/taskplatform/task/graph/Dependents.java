// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.graph;

import dev.taskplatform.task.task.Task;
import dev.taskplatform.task.task.TaskRepository;
import dev.taskplatform.task.task.TaskWrites;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Tasks that wait for others. */
public final class Dependents {
    private final GraphRepository graph;
    private final TaskRepository tasks;
    private final TaskWrites writes;

    /** Collaborators. */
    public Dependents(GraphRepository graph, TaskRepository tasks, TaskWrites writes) {
        this.graph = graph;
        this.tasks = tasks;
        this.writes = writes;
    }

    /**
     * Has nothing wait for tasks that go away, but for those themselves.
     *
     * @param actor who takes them away; empty for the service itself
     */
    public void release(Optional<UUID> actor, Set<UUID> leaving) {
        for (Task task : tasks.lockAll(graph.dependents(leaving))) {
            List<UUID> rest = task.fields().blockedBy().stream()
                    .filter(blocker -> !leaving.contains(blocker))
                    .toList();
            writes.write(
                    actor, task, task.with(task.fields().linkedTo(task.fields().parent(), rest), writes.now()));
        }
    }
}
