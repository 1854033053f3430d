// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.graph;

import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.kit.problem.FieldError;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.task.graph.GraphRepository.Place;
import dev.taskplatform.task.list.ListRole;
import dev.taskplatform.task.list.Lists;
import dev.taskplatform.task.task.Task;
import dev.taskplatform.task.task.TaskFields;
import dev.taskplatform.task.task.TaskRepository;
import dev.taskplatform.task.task.TaskWrites;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** Moves tasks within a list and between lists. */
public final class Moves {
    /** Tasks that get new places together where there is no room left. */
    private static final int REARRANGED = 100;

    private final TaskWrites writes;
    private final TaskRepository tasks;
    private final GraphRepository graph;
    private final SubTrees subTrees;
    private final Dependents dependents;
    private final Lists lists;
    private final Transactions transactions;

    /** Collaborators. */
    public Moves(
            TaskWrites writes,
            TaskRepository tasks,
            GraphRepository graph,
            SubTrees subTrees,
            Dependents dependents,
            Lists lists,
            Transactions transactions) {
        this.writes = writes;
        this.tasks = tasks;
        this.graph = graph;
        this.subTrees = subTrees;
        this.dependents = dependents;
        this.lists = lists;
        this.transactions = transactions;
    }

    /**
     * Moves a task with all its parts. In another list it is a part of nothing unless the move says of what, it waits only for
     * what moves along, nothing that stays waits for it, and it is assigned only to members of that list.
     *
     * @throws ProblemException 400, 404, 403, 409 or 412
     */
    Task move(UUID user, UUID id, Move move, Optional<Set<Long>> versions) {
        return transactions.inTransaction(() -> {
            UUID from = lockLists(user, id, move);
            Task root = writes.lock(user, id, Task::isThere, versions);
            UUID to = move.list().orElse(from);
            return to.equals(from) ? within(user, root, move) : between(user, root, to, move);
        });
    }

    private UUID lockLists(UUID user, UUID id, Move move) {
        if (move.list().isPresent()) {
            lists.require(user, move.list().get(), ListRole.WRITE);
        }
        UUID from = tasks.find(user, id).map(found -> found.task().list()).orElseGet(() -> writes.lockList(user, id));
        // In one order, so that two who move tasks both ways do not wait for each other.
        Stream.concat(Stream.of(from), move.list().stream()).distinct().sorted().forEach(lists::lock);
        return from;
    }

    private Task within(UUID user, Task root, Move move) {
        TaskFields fields = move.changesParent()
                ? root.fields().linkedTo(move.parent(), root.fields().blockedBy())
                : root.fields();
        String position = move.neighbour().isPresent() ? position(user, root.list(), root, move) : root.position();
        Task moved = root.with(fields, writes.now()).movedTo(root.list(), position);
        return writes.write(Optional.of(user), root, moved);
    }

    private Task between(UUID user, Task root, UUID to, Move move) {
        List<Task> tree = subTrees.lock(root.id(), Optional.empty());
        Set<UUID> moving = new HashSet<>();
        tree.forEach(task -> moving.add(task.id()));
        dependents.release(Optional.of(user), moving);
        String position = position(user, to, root, move);
        Map<UUID, Task> moved = new HashMap<>();
        // First all of them, as links are only between tasks of a list.
        for (Task task : tree) {
            TaskFields unlinked =
                    task.fields().linkedTo(Optional.empty(), List.of()).assignedTo(assignable(to, task));
            Task there =
                    task.with(unlinked, writes.now()).movedTo(to, task == tree.getFirst() ? position : task.position());
            moved.put(task.id(), writes.write(Optional.of(user), task, there));
        }
        for (Task task : tree) {
            Optional<UUID> parent =
                    task.id().equals(root.id()) ? move.parent() : task.fields().parent();
            List<UUID> blockedBy =
                    task.fields().blockedBy().stream().filter(moving::contains).toList();
            Task there = moved.get(task.id());
            Task linked = there.with(there.fields().linkedTo(parent, blockedBy), writes.now());
            moved.put(task.id(), writes.write(Optional.of(user), there, linked));
        }
        return moved.get(root.id());
    }

    private List<UUID> assignable(UUID list, Task task) {
        Set<UUID> members = lists.members(list, task.fields().assignees());
        return task.fields().assignees().stream().filter(members::contains).toList();
    }

    private String position(UUID user, UUID list, Task moving, Move move) {
        String position = free(list, moving.id(), move);
        if (position.length() <= Positions.LONGEST) {
            return position;
        }
        rearrange(user, list, move, moving.id());
        return free(list, moving.id(), move);
    }

    private String free(UUID list, UUID moving, Move move) {
        if (move.neighbour().isEmpty()) {
            return Positions.between(graph.neighbour(list, Optional.empty(), false, moving), Optional.empty());
        }
        Place place = place(list, move);
        Optional<String> other = graph.neighbour(list, Optional.of(place), !move.before(), moving);
        return move.before()
                ? Positions.between(other, Optional.of(place.position()))
                : Positions.between(Optional.of(place.position()), other);
    }

    private Place place(UUID list, Move move) {
        UUID id = move.neighbour().orElseThrow();
        if (!graph.there(list, List.of(id)).contains(id)) {
            throw ProblemException.invalidField(FieldError.value(
                    move.before() ? "before" : "after", "There is no task %s in that list.".formatted(id)));
        }
        return new Place(tasks.lockAll(List.of(id)).getFirst().position(), id);
    }

    /** Gives the tasks from this place on places that are short again. */
    private void rearrange(UUID user, UUID list, Move move, UUID moving) {
        Place place = place(list, move);
        List<UUID> crowded = new ArrayList<>(graph.from(list, place.position(), REARRANGED));
        crowded.remove(moving);
        List<Task> found = new ArrayList<>(tasks.lockAll(crowded));
        found.sort((a, b) -> Integer.compare(crowded.indexOf(a.id()), crowded.indexOf(b.id())));
        Task last = found.getLast();
        Optional<String> lower = graph.neighbour(list, Optional.of(place), false, moving);
        Optional<String> upper =
                graph.neighbour(list, Optional.of(new Place(last.position(), last.id())), true, moving);
        List<String> positions = Positions.between(lower, upper, found.size());
        for (int i = 0; i < found.size(); i++) {
            writes.write(Optional.of(user), found.get(i), found.get(i).movedTo(list, positions.get(i)));
        }
    }
}
