// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.find;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.DatabaseUnderTest.Kind;
import dev.taskplatform.kit.database.Dialect;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.task.task.TaskStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A query costs what its page has, not what the table has: the planner reads a range of an index of each list, in order. */
@OnEveryDatabase
class FindPlanTest {
    private static final int LISTS = 20;
    private static final int TASKS = 20_000;

    private final DatabaseUnderTest underTest;
    private Database database;

    FindPlanTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @BeforeEach
    void fill() {
        database = underTest.open();
        // Enough rows, and numbers about them, that a planner has a reason to choose.
        database.write(handle -> {
            if (handle.createQuery("SELECT count(*) FROM task")
                            .mapTo(Integer.class)
                            .one()
                    == TASKS) {
                return 0;
            }
            for (int i = 0; i < LISTS; i++) {
                handle.execute(
                        "INSERT INTO list (id, name, inbox, version, created_at, updated_at) VALUES (?, 'n', ?, 1, ?, ?)",
                        list(i),
                        false,
                        Instant.EPOCH,
                        Instant.EPOCH);
                handle.execute(
                        "INSERT INTO list_member (user_id, list_id, role, position) VALUES (?, ?, 'owner', 0)",
                        user(i % 4),
                        list(i));
            }
            var batch = handle.prepareBatch("INSERT INTO task (id, list_id, title, status, priority, due_at, position,"
                    + " version, created_at, updated_at) VALUES (:id, :list, :title, :status, :priority, :due, 'a', 1,"
                    + " :now, :now)");
            for (int i = 0; i < TASKS; i++) {
                batch.bind("id", new UUID(0x0199_0000_0000_7000L + ((long) i << 16), i))
                        .bind("list", list(i % LISTS))
                        .bind("title", "title " + i)
                        .bind("status", TaskStatus.values()[i / LISTS % 3].text())
                        .bind("priority", i / LISTS % 5)
                        .bind("due", Instant.EPOCH.plusSeconds(i))
                        .bind("now", Instant.EPOCH)
                        .add();
            }
            batch.execute();
            return handle.execute("ANALYZE");
        });
    }

    @AfterEach
    void close() {
        database.close();
    }

    @ParameterizedTest
    @CsvSource({
        "createdAt, , task_by_list",
        "-createdAt, , task_by_list",
        "createdAt, done, task_by_status",
        "due, , task_by_due",
        "-priority, , task_by_priority",
        "position, , task_by_position",
        "due, open, task_open_by_due",
        "-priority, open, task_open_by_priority"
    })
    void readsARangeOfAnIndexOfEachList(String sort, String status, String index) {
        Set<TaskStatus> statuses = status == null
                ? Set.of()
                : status.equals("done") ? Set.of(TaskStatus.DONE) : Set.of(TaskStatus.TODO, TaskStatus.IN_PROGRESS);
        TaskQuery query = TaskQuery.of(Optional.empty(), statuses, Sort.of(sort));
        for (boolean isFirst : List.of(true, false)) {
            String plan = plan(query, isFirst ? List.of() : place(query));
            if (underTest.kind() == Kind.EMBEDDED) {
                assertThat(plan)
                        .contains("SEARCH c USING ", "INDEX " + index + " (list_id=?")
                        .contains("SEARCH t USING INTEGER PRIMARY KEY")
                        .contains("CORRELATED LIST SUBQUERY")
                        .doesNotContain("SCAN c", "SCAN t");
                // The few of all lists are sorted, and not what a list has.
                assertThat(plan.split("USE TEMP B-TREE", -1)).hasSizeLessThanOrEqualTo(2);
            } else {
                assertThat(plan).contains("using " + index + " on task c").doesNotContain("Seq Scan on task");
                assertThat(plan.split("Sort Key", -1)).hasSizeLessThanOrEqualTo(2);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"title", "updatedAt", "-start,priority"})
    void sortsNoMoreThanTheListsOfThePerson(String sort) {
        String plan = plan(TaskQuery.of(Optional.empty(), Set.of(), Sort.of(sort)), List.of());

        if (underTest.kind() == Kind.EMBEDDED) {
            assertThat(plan).contains("SEARCH c USING ").doesNotContain("SCAN c", "SCAN t");
        } else {
            assertThat(plan).doesNotContain("Seq Scan on task");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"title", "title 17"})
    void findsWordsByTheirIndex(String words) {
        TaskQuery all = TaskQuery.of(Optional.empty(), Set.of(), Sort.by(SortKey.CREATED, false));
        TaskQuery query = new TaskQuery(
                all.list(),
                all.statuses(),
                all.priorities(),
                all.labels(),
                all.assignee(),
                all.parent(),
                all.dueFrom(),
                all.dueBefore(),
                Words.of(words),
                all.sorts());
        String plan = plan(query, List.of());
        if (underTest.kind() == Kind.EMBEDDED) {
            assertThat(plan).contains("task_text VIRTUAL TABLE INDEX").doesNotContain("SCAN c", "SCAN t\n");
        } else {
            assertThat(plan).doesNotContain("Seq Scan on task");
        }
    }

    private static List<Object> place(TaskQuery query) {
        return query.sorts().stream()
                .map(sort -> (Object)
                        switch (sort.key()) {
                            case ID -> new UUID(0x0199_0000_0000_7000L + (9_000L << 16), 9_000);
                            case PRIORITY -> 2;
                            case POSITION, TITLE -> "a";
                            case CREATED, DUE, START, UPDATED -> Instant.EPOCH.plusSeconds(9_000);
                        })
                .toList();
    }

    private String plan(TaskQuery query, List<Object> after) {
        TaskSql sql = new TaskSql(database.dialect(), query, after);
        String text = sql.text();
        return database.read(handle -> plan(handle, text, sql.values()));
    }

    private String plan(Handle handle, String sql, Map<String, Object> values) {
        boolean isSqlite = database.dialect() == Dialect.SQLITE;
        return handle.createQuery((isSqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN ") + sql)
                .bind("user", user(1))
                .bind("limit", 21)
                .bindMap(values)
                .map((row, context) -> row.getString(isSqlite ? "detail" : "QUERY PLAN"))
                .collect(Collectors.joining("\n"));
    }

    private static UUID list(int number) {
        return new UUID(2, number);
    }

    private static UUID user(int number) {
        return new UUID(1, number);
    }
}
