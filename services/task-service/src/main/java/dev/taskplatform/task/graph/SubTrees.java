// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.graph;

import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.task.task.Task;
import dev.taskplatform.task.task.TaskRepository;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Tasks with all their parts, for what is done to them as a whole. */
public final class SubTrees {
    /** One transaction changes all of them. */
    static final int MOST = 5_000;

    private static final int AT_ONCE = 500;
    private static final ProblemType TOO_LARGE =
            ProblemType.of("too-many-sub-tasks", 409, "The task has too many sub-tasks");

    private final GraphRepository graph;
    private final TaskRepository tasks;

    /** Collaborators. */
    public SubTrees(GraphRepository graph, TaskRepository tasks) {
        this.graph = graph;
        this.tasks = tasks;
    }

    /**
     * A task and its parts, wholes before their parts, which nobody else changes until the transaction ends.
     *
     * @param deletedAt of those that are wanted; empty for those that are not in the trash
     * @throws ProblemException 409 when there are more than can be changed at a time
     */
    public List<Task> lock(UUID root, Optional<Instant> deletedAt) {
        List<UUID> ids = graph.subTree(root, deletedAt, MOST + 1);
        if (ids.size() > MOST) {
            throw new ProblemException(
                    TOO_LARGE,
                    "No more than %d tasks can be changed at a time. Take parts of it first.".formatted(MOST));
        }
        List<UUID> sorted = ids.stream().sorted().toList();
        Map<UUID, Task> locked = new HashMap<>();
        for (int from = 0; from < sorted.size(); from += AT_ONCE) {
            tasks.lockAll(sorted.subList(from, Math.min(sorted.size(), from + AT_ONCE)))
                    .forEach(task -> locked.put(task.id(), task));
        }
        List<Task> result = new ArrayList<>();
        ids.stream().map(locked::get).filter(task -> task != null).forEach(result::add);
        return result;
    }
}
