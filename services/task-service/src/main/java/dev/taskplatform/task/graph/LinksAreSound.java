// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.graph;

import dev.taskplatform.kit.problem.FieldError;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.task.task.Task;
import dev.taskplatform.task.task.TaskRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A task's parent and what it waits for are tasks of its list, and nothing waits for itself, however far around. A task waits
 * for its parts too, so no part can wait for the whole.
 *
 * <p>Whoever changes links has locked the list, so that two who would close a circle together come one after the other.
 */
public final class LinksAreSound implements TaskRule {
    /** Levels of parts. */
    static final int DEEPEST = 50;

    /** Tasks that are looked at for one change. */
    private static final int MOST_SEEN = 20_000;

    private static final int AT_ONCE = 500;
    private static final int LONGEST_CHAIN_TOLD = 10;

    private static final ProblemType CYCLE =
            ProblemType.of("cyclic-dependency", 409, "The tasks would wait in a circle");
    private static final ProblemType TOO_DEEP = ProblemType.of("too-deep", 409, "The sub-tasks are nested too deeply");
    private static final ProblemType TOO_LARGE = ProblemType.of("too-many-links", 409, "The tasks have too many links");

    private final GraphRepository graph;

    /** @param graph knows the links */
    public LinksAreSound(GraphRepository graph) {
        this.graph = graph;
    }

    @Override
    public void check(Optional<Task> before, Task after) {
        if (after.deletedAt().isPresent() || isSame(before, after)) {
            return;
        }
        requireTasksOfTheList(before, after);
        if (after.fields().parent().isPresent()) {
            requireShallow(after, after.fields().parent().get(), before.isPresent());
        }
        requireNoCycle(after);
    }

    private static boolean isSame(Optional<Task> before, Task after) {
        if (before.isEmpty()) {
            return after.fields().parent().isEmpty()
                    && after.fields().blockedBy().isEmpty();
        }
        Task old = before.get();
        return old.list().equals(after.list())
                && old.deletedAt().isEmpty()
                && old.fields().parent().equals(after.fields().parent())
                && after.fields().blockedBy().equals(old.fields().blockedBy());
    }

    private void requireTasksOfTheList(Optional<Task> before, Task after) {
        Set<UUID> known = before.filter(task -> task.list().equals(after.list()))
                .map(task -> Set.copyOf(task.fields().blockedBy()))
                .orElse(Set.of());
        List<UUID> added = after.fields().blockedBy().stream()
                .filter(id -> !known.contains(id))
                .toList();
        Optional<UUID> parent = after.fields().parent();
        Set<UUID> there = graph.there(
                after.list(), Stream.concat(parent.stream(), added.stream()).toList());
        parent.filter(id -> !there.contains(id)).ifPresent(id -> {
            throw notThere("parentId", id);
        });
        added.stream().filter(id -> !there.contains(id)).findFirst().ifPresent(id -> {
            throw notThere("blockedBy", id);
        });
    }

    private static ProblemException notThere(String field, UUID id) {
        return ProblemException.invalidField(FieldError.value(
                field, "There is no task %s in the list of this task that you may see.".formatted(id)));
    }

    private void requireShallow(Task task, UUID parent, boolean mayHaveParts) {
        int above = graph.depth(parent, DEEPEST);
        int below = mayHaveParts ? graph.height(task.id(), DEEPEST) : 0;
        if (above + below >= DEEPEST) {
            throw new ProblemException(
                    TOO_DEEP,
                    "Sub-tasks may be nested %d deep. Make it a part of a task further up.".formatted(DEEPEST));
        }
    }

    /** Breadth first from the task along what it waits for; back at it, or at the whole that it is a part of, is a circle. */
    private void requireNoCycle(Task task) {
        Set<UUID> ends = Stream.concat(Stream.of(task.id()), task.fields().parent().stream())
                .collect(Collectors.toSet());
        Map<UUID, UUID> reachedFrom = new HashMap<>();
        if (task.fields().parent().equals(Optional.of(task.id()))) {
            reachedFrom.put(task.id(), task.id());
            throw cycle(task.id(), reachedFrom, task.id());
        }
        List<UUID> frontier = Stream.concat(task.fields().blockedBy().stream(), graph.parts(task.id()).stream())
                .distinct()
                .toList();
        frontier.forEach(id -> reachedFrom.put(id, task.id()));
        while (!frontier.isEmpty()) {
            frontier.stream().filter(ends::contains).findFirst().ifPresent(end -> {
                throw cycle(end, reachedFrom, task.id());
            });
            if (reachedFrom.size() > MOST_SEEN) {
                throw new ProblemException(
                        TOO_LARGE,
                        "More than %d tasks wait for each other here. Divide them among lists.".formatted(MOST_SEEN));
            }
            frontier = awaited(frontier, reachedFrom);
        }
    }

    private List<UUID> awaited(List<UUID> frontier, Map<UUID, UUID> reachedFrom) {
        List<UUID> next = new ArrayList<>();
        for (int from = 0; from < frontier.size(); from += AT_ONCE) {
            List<UUID> part = frontier.subList(from, Math.min(frontier.size(), from + AT_ONCE));
            for (Map.Entry<UUID, UUID> wait : graph.waits(part)) {
                if (reachedFrom.putIfAbsent(wait.getValue(), wait.getKey()) == null) {
                    next.add(wait.getValue());
                }
            }
        }
        return next;
    }

    private static ProblemException cycle(UUID end, Map<UUID, UUID> reachedFrom, UUID start) {
        List<UUID> chain = new ArrayList<>(List.of(end));
        for (UUID id = reachedFrom.get(end); !start.equals(id); id = reachedFrom.get(id)) {
            chain.add(id);
        }
        chain.add(start);
        String told = chain.reversed().stream()
                .limit(LONGEST_CHAIN_TOLD)
                .map(UUID::toString)
                .collect(Collectors.joining(" waits for "));
        return new ProblemException(
                CYCLE,
                "Nothing of this could ever be done: %s%s. Take one of these links away."
                        .formatted(told, chain.size() > LONGEST_CHAIN_TOLD ? " and so on" : ""));
    }
}
