// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.find;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.kit.json.Json;
import dev.taskplatform.task.task.TaskStatus;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * What queries cost in a table that grows, as ratios to what they cost in one of a thousand tasks. No test: {@code make bench}
 * runs it, with {@code -Dbench.tasks} for the largest table.
 */
@OnEveryDatabase
class FindBench {
    private static final int TASKS_OF_A_LIST = 100;
    private static final int LISTS_OF_THE_PERSON = 10;
    private static final int BATCH = 10_000;
    private static final int RUNS = 200;
    private static final UUID PERSON = new UUID(1, 1);
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final DatabaseUnderTest underTest;

    FindBench(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @Test
    void compare() {
        int largest = Integer.getInteger("bench.tasks", 100_000);
        Map<String, List<Double>> times = new LinkedHashMap<>();
        List<Integer> sizes = new ArrayList<>();
        try (Database database = underTest.open()) {
            int filled = 0;
            for (int size = 1_000; size <= largest; size *= 10) {
                fill(database, filled, size);
                filled = size;
                sizes.add(size);
                measure(database)
                        .forEach((query, time) -> times.computeIfAbsent(query, name -> new ArrayList<>())
                                .add(time));
            }
        }
        System.out.printf("%n%-10s %s tasks, ratios to the first%n", underTest, sizes);
        times.forEach((query, measured) -> System.out.printf(
                "%-28s %s%n",
                query,
                measured.stream()
                        .map(time -> "%.2f".formatted(time / measured.getFirst()))
                        .toList()));
        assertThat(times).isNotEmpty();
    }

    private static Map<String, Double> measure(Database database) {
        TaskFinder finder = new TaskFinder(database, Json.mapper());
        Clock clock = Clock.systemUTC();
        NextTasks next = new NextTasks(finder, new OpenGraph(database, Json.mapper()), clock);
        Map<String, Double> result = new LinkedHashMap<>();
        result.put("in the order of creation", median(() -> find(finder, "createdAt", Set.of(), List.of())));
        result.put("done", median(() -> find(finder, "createdAt", Set.of(TaskStatus.DONE), List.of())));
        result.put("by due", median(() -> find(finder, "due", Set.of(), List.of())));
        result.put("by priority and title", median(() -> find(finder, "-priority,title", Set.of(), List.of())));
        result.put("with a word of all", median(() -> find(finder, "createdAt", Set.of(), List.of("water"))));
        result.put("with two words", median(() -> find(finder, "createdAt", Set.of(), List.of("water", "plants"))));
        result.put("next", median(() -> next.next(PERSON, Optional.empty(), 10)));
        return result;
    }

    private static void find(TaskFinder finder, String sort, Set<TaskStatus> statuses, List<String> words) {
        TaskQuery query = new TaskQuery(
                Optional.empty(),
                statuses,
                Set.of(),
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                words,
                Sort.of(sort));
        finder.find(PERSON, query, List.of(), 21);
    }

    private static double median(Runnable query) {
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            long begin = System.nanoTime();
            query.run();
            times.add(System.nanoTime() - begin);
        }
        return times.subList(RUNS / 2, RUNS).stream().sorted().toList().get(RUNS / 4);
    }

    private static void fill(Database database, int from, int to) {
        for (int begin = from; begin < to; begin += BATCH) {
            int end = Math.min(to, begin + BATCH);
            int first = begin;
            database.write(handle -> {
                for (int list = first / TASKS_OF_A_LIST; list < end / TASKS_OF_A_LIST; list++) {
                    handle.execute(
                            "INSERT INTO list (id, name, inbox, version, created_at, updated_at) VALUES (?, 'n', ?, 1, ?, ?)",
                            new UUID(2, list),
                            false,
                            START,
                            START);
                    handle.execute(
                            "INSERT INTO list_member (user_id, list_id, role, position) VALUES (?, ?, 'owner', 0)",
                            list < LISTS_OF_THE_PERSON ? PERSON : new UUID(3, list / LISTS_OF_THE_PERSON),
                            new UUID(2, list));
                }
                var batch = handle.prepareBatch("INSERT INTO task (id, list_id, title, status, priority, due, due_at,"
                        + " position, version, created_at, updated_at) VALUES (:id, :list, :title, :status, :priority,"
                        + " :due, :dueAt, :position, 1, :now, :now)");
                for (int i = first; i < end; i++) {
                    Instant due = START.plusSeconds(i % 9_999 * 60L);
                    batch.bind("id", new UUID(0x0199_0000_0000_7000L + ((long) i << 16), i))
                            .bind("list", new UUID(2, i / TASKS_OF_A_LIST))
                            .bind("title", "Water the plants number" + i)
                            .bind("status", TaskStatus.values()[i % 3].text())
                            .bind("priority", i % 5)
                            .bind("due", due.toString())
                            .bind("dueAt", due)
                            .bind("position", "%08d".formatted(i))
                            .bind("now", START.plusMillis(i))
                            .add();
                }
                return batch.execute();
            });
        }
        database.write(handle -> handle.execute("ANALYZE"));
    }
}
