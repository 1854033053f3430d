// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.find;

import dev.taskplatform.task.task.CalendarTime;
import dev.taskplatform.task.task.Priority;
import dev.taskplatform.task.task.Task;
import dev.taskplatform.task.task.TaskStatus;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.UUID;
import java.util.function.ToDoubleFunction;

/**
 * What to do next: the most urgent first, but of a task that waits what it waits for.
 *
 * <p>Tasks are taken from indexes in several orders, by each of which one part of the urgency only shrinks, until none that was
 * not seen can be more urgent than the best that was (the threshold algorithm of Fagin, Lotem and Naor). So few of many
 * tasks are read, and the result is that of reading all, unless more than {@value #MOST_SEEN} are looked at.
 */
public final class NextTasks {
    private static final int PAGE = 50;
    private static final int MOST_SEEN = 5_000;
    private static final Set<TaskStatus> OPEN = Set.of(TaskStatus.TODO, TaskStatus.IN_PROGRESS);

    private final TaskFinder finder;
    private final OpenGraph graph;
    private final Clock clock;

    /** Collaborators. */
    public NextTasks(TaskFinder finder, OpenGraph graph, Clock clock) {
        this.finder = finder;
        this.graph = graph;
        this.clock = clock;
    }

    /**
     * Suggestions for a person, the most urgent first. What starts later or is assigned to others alone is left out.
     *
     * @param list of this list alone
     * @param limit at most so many
     */
    List<Suggestion> next(UUID user, Optional<UUID> list, int limit) {
        return new Search(user, list, clock.instant()).run(limit);
    }

    private record Candidate(Task task, Urgency urgency) {}

    /** One search. */
    private final class Search {
        private static final Comparator<Candidate> MOST_URGENT_FIRST = Comparator.comparingDouble(
                        (Candidate candidate) -> candidate.urgency().sum())
                .reversed()
                .thenComparing(candidate -> candidate.task().id().toString());

        private final UUID user;
        private final Instant now;
        private final List<Source> sources;
        private final PriorityQueue<Candidate> heap = new PriorityQueue<>(MOST_URGENT_FIRST);
        private final Set<UUID> seen = new HashSet<>();
        private final Map<UUID, List<Task>> awaited = new HashMap<>();
        private final Map<UUID, Suggestion> found = new LinkedHashMap<>();
        private final Set<UUID> expanded = new HashSet<>();

        Search(UUID user, Optional<UUID> list, Instant now) {
            this.user = user;
            this.now = now;
            this.sources = List.of(
                    new Source(
                            TaskQuery.of(list, OPEN, Sort.by(SortKey.PRIORITY, true)),
                            Urgency.ofPriority(Priority.URGENT),
                            task -> Urgency.ofPriority(task.fields().priority())),
                    new Source(
                            TaskQuery.of(list, OPEN, Sort.by(SortKey.DUE, false)),
                            Double.MAX_VALUE / 4,
                            task -> Urgency.ofDue(task.fields().due().map(CalendarTime::sortKey), now)),
                    new Source(
                            TaskQuery.of(list, Set.of(TaskStatus.IN_PROGRESS), Sort.by(SortKey.CREATED, false)),
                            Urgency.PROGRESS,
                            task -> Urgency.PROGRESS),
                    new Source(
                            TaskQuery.of(list, OPEN, Sort.by(SortKey.CREATED, false)),
                            Double.MAX_VALUE / 4,
                            task -> Urgency.ofAge(task.createdAt(), now)));
        }

        List<Suggestion> run(int limit) {
            while (found.size() < limit) {
                if (!heap.isEmpty() && heap.peek().urgency().sum() >= mostOfUnseen()) {
                    take(heap.poll());
                } else if (!readOn()) {
                    break;
                }
            }
            return found.values().stream().limit(limit).toList();
        }

        /** What a task that was not seen can have at most. */
        private double mostOfUnseen() {
            boolean isAllSeen = seen.size() >= MOST_SEEN
                    || sources.stream().anyMatch(source -> source.isOfAll() && source.isAtEnd());
            return isAllSeen
                    ? Double.NEGATIVE_INFINITY
                    : sources.stream().mapToDouble(Source::most).sum();
        }

        /** Reads on in each order; false when there is nothing more to read, and nothing left to take. */
        private boolean readOn() {
            if (mostOfUnseen() == Double.NEGATIVE_INFINITY) {
                return false;
            }
            for (Source source : sources) {
                List<Task> fresh = source.page().stream()
                        .filter(task -> seen.add(task.id()))
                        .toList();
                awaited.putAll(graph.awaited(fresh.stream().map(Task::id).toList()));
                fresh.forEach(task -> heap.add(new Candidate(task, Urgency.of(task, now))));
            }
            return true;
        }

        /** Suggests the task, or else what it waits for, as far down as that waits itself. */
        private void take(Candidate candidate) {
            Deque<Task> open = new ArrayDeque<>(List.of(candidate.task()));
            while (!open.isEmpty() && expanded.size() < MOST_SEEN) {
                Task task = open.poll();
                if (!expanded.add(task.id())) {
                    continue;
                }
                List<Task> before = awaited(task);
                if (!before.isEmpty()) {
                    open.addAll(before);
                } else if (canBeDone(task)) {
                    Optional<UUID> because = Optional.of(candidate.task().id()).filter(id -> !id.equals(task.id()));
                    found.putIfAbsent(task.id(), new Suggestion(task, candidate.urgency(), because));
                }
            }
        }

        private List<Task> awaited(Task task) {
            if (!seen.contains(task.id()) && !awaited.containsKey(task.id())) {
                awaited.putAll(graph.awaited(List.of(task.id())));
            }
            return awaited.getOrDefault(task.id(), List.of());
        }

        private boolean canBeDone(Task task) {
            boolean hasBegun = task.fields()
                    .start()
                    .filter(start -> start.sortKey().isAfter(now))
                    .isEmpty();
            List<UUID> assignees = task.fields().assignees();
            return hasBegun && (assignees.isEmpty() || assignees.contains(user));
        }

        /** Tasks in an order in which a part of the urgency only shrinks. */
        private final class Source {
            private final TaskQuery query;
            private final ToDoubleFunction<Task> part;
            private double most;
            private List<Object> after = List.of();
            private boolean atEnd;

            Source(TaskQuery query, double most, ToDoubleFunction<Task> part) {
                this.query = query;
                this.most = most;
                this.part = part;
            }

            List<Task> page() {
                if (atEnd) {
                    return List.of();
                }
                List<Task> page = finder.find(user, query, after, PAGE);
                if (page.size() < PAGE) {
                    atEnd = true;
                    most = 0;
                } else {
                    most = part.applyAsDouble(page.getLast());
                    after = query.place(page.getLast());
                }
                return page;
            }

            /** Of the part, for what comes after. */
            double most() {
                return most;
            }

            boolean isAtEnd() {
                return atEnd;
            }

            /** Whether all open tasks are among them. */
            boolean isOfAll() {
                return query.statuses().equals(OPEN);
            }
        }
    }
}
