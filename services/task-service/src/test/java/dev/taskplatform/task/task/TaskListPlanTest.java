// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.DatabaseUnderTest.Kind;
import dev.taskplatform.kit.database.OnEveryDatabase;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A list costs what its page holds, not what the table does: the planner reads a range of an index, in order. */
@OnEveryDatabase
class TaskListPlanTest {
    private static final int OWNERS = 5;
    private static final int TASKS = 5_000;

    private final DatabaseUnderTest underTest;
    private Database database;

    TaskListPlanTest(DatabaseUnderTest underTest) {
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
            var batch = handle.prepareBatch("INSERT INTO task (id, owner_id, title, status, version, created_at,"
                    + " updated_at) VALUES (:id, :owner, 'title', :status, 1, :now, :now)");
            for (int i = 0; i < TASKS; i++) {
                batch.bind("id", new UUID(0x0199_0000_0000_7000L + ((long) i << 16), i))
                        .bind("owner", owner(i % OWNERS))
                        .bind("status", TaskStatus.values()[i / OWNERS % TaskStatus.values().length].text())
                        .bind("now", Instant.EPOCH)
                        .add();
            }
            batch.execute();
            return handle.execute("ANALYZE task");
        });
    }

    @AfterEach
    void close() {
        database.close();
    }

    @ParameterizedTest
    @CsvSource({
        "false, false, PRIMARY KEY",
        "false, true, PRIMARY KEY",
        "true, false, task_by_owner_and_status",
        "true, true, task_by_owner_and_status",
    })
    void readsARangeOfAnIndex(boolean byStatus, boolean afterOne, String expected) {
        String index = expected.equals("PRIMARY KEY") ? primaryKey() : expected;
        String plan = database.read(handle -> plan(handle, byStatus, afterOne));

        if (underTest.kind() == Kind.EMBEDDED) {
            assertThat(plan)
                    .contains("SEARCH task USING INDEX " + index + " (owner_id=?")
                    .doesNotContain("TEMP B-TREE", "SCAN");
            assertThat(plan.contains("id>?")).isEqualTo(afterOne);
        } else {
            assertThat(plan)
                    .contains("Index Scan using " + index + " on task")
                    .containsPattern("Index Cond: \\(+owner_id = ")
                    .doesNotContain("Sort", "Seq Scan", "Filter");
            assertThat(plan.contains("(id > ")).isEqualTo(afterOne);
        }
    }

    private String plan(Handle handle, boolean byStatus, boolean afterOne) {
        String explain = underTest.kind() == Kind.EMBEDDED ? "EXPLAIN QUERY PLAN " : "EXPLAIN ";
        var query = handle.createQuery(explain + DatabaseTaskRepository.listSql(byStatus, afterOne))
                .bind("owner", owner(3))
                .bind("limit", 21);
        if (byStatus) {
            query.bind("status", TaskStatus.TODO.text());
        }
        if (afterOne) {
            query.bind("after", new UUID(0x0199_0000_0000_7000L + (2_500L << 16), 0));
        }
        String column = underTest.kind() == Kind.EMBEDDED ? "detail" : "QUERY PLAN";
        return query.map((row, context) -> row.getString(column)).collect(Collectors.joining("\n"));
    }

    private String primaryKey() {
        return underTest.kind() == Kind.EMBEDDED ? "sqlite_autoindex_task_1" : "task_pkey";
    }

    private static UUID owner(int number) {
        return new UUID(1, number);
    }
}
