// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.DatabaseUnderTest.Kind;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.kit.json.Json;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A page of the feed costs what it has, not what its lists or those of others have: it reads a range of an index of each list. */
@OnEveryDatabase
class FeedPlanTest {
    private static final int LISTS = 20;
    private static final int CHANGES = 40_000;
    private static final int LIMIT = 51;
    private static final UUID OWNER = new UUID(1, 1);
    private static final UUID JOINED_LATE = new UUID(1, 2);
    private static final UUID NIL = new UUID(0, 0);

    /** What nodes of a plan gave, and what they read and threw away. */
    private static final Pattern ROWS = Pattern.compile(
            "(?:Scan .*actual rows=|Rows Removed by Filter: )([0-9]+)(?:\\.[0-9]+)?(?: loops=([0-9]+))?");

    private static final String RANGE = " (list_id=? AND (position,entity_id)>(?,?) AND position<?)";

    private final DatabaseUnderTest underTest;
    private Database database;
    private FeedRepository feed;

    FeedPlanTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @BeforeEach
    void fill() {
        database = underTest.open();
        feed = new FeedRepository(database, Json.mapper());
        // Enough rows, and numbers about them, that a planner has a reason to choose.
        database.write(handle -> {
            if (handle.createQuery("SELECT count(*) FROM change")
                            .mapTo(Integer.class)
                            .one()
                    == CHANGES) {
                return 0;
            }
            for (int i = 0; i < LISTS; i++) {
                handle.execute(
                        "INSERT INTO list (id, name, inbox, version, created_at, updated_at) VALUES (?, 'n', ?, 1, ?, ?)",
                        list(i),
                        false,
                        Instant.EPOCH,
                        Instant.EPOCH);
                member(handle, OWNER, i, i);
                if (i % 2 == 0) {
                    member(handle, JOINED_LATE, i, CHANGES - 10L + i);
                }
            }
            var batch =
                    handle.prepareBatch("INSERT INTO change (list_id, kind, entity_id, position, removed, changed_at)"
                            + " VALUES (:list, 'task', :id, :position, :removed, :now)");
            for (int i = 0; i < CHANGES; i++) {
                batch.bind("list", list(i % LISTS))
                        .bind("id", new UUID(0x0199_0000_0000_7000L + ((long) i << 16), i))
                        .bind("position", i)
                        .bind("removed", i % 100 == 0)
                        .bind("now", Instant.EPOCH.plusSeconds(i))
                        .add();
            }
            batch.execute();
            for (int i = 0; i < 5_000; i++) {
                handle.execute(
                        "INSERT INTO list_departure (user_id, list_id, position, left_at) VALUES (?, ?, ?, ?)",
                        new UUID(3, i / 5),
                        list(i % 5),
                        i,
                        Instant.EPOCH.plusSeconds(i));
            }
            handle.execute("UPDATE change_clock SET base = ?", CHANGES + 100);
            return handle.execute("ANALYZE");
        });
    }

    private static void member(Handle handle, UUID user, int list, long position) {
        handle.execute(
                "INSERT INTO list_member (user_id, list_id, role, position) VALUES (?, ?, ?, ?)",
                user,
                list(list),
                user.equals(OWNER) ? "owner" : "read",
                position);
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** From the start, in the middle, at the end; as who was there first and as who came when all was there. */
    @ParameterizedTest
    @CsvSource({"1, -1", "1, 20000", "1, 39990", "2, -1", "2, 20000", "2, 39991"})
    void readsARangeOfAnIndexOfEachList(long person, long position) throws SQLException {
        UUID user = new UUID(1, person);
        List<String> plans = plans(
                () -> feed.after(user, new FeedToken(position, position, NIL, Instant.EPOCH), feed.horizon(), LIMIT));

        assertThat(plans).anySatisfy(plan -> assertThat(plan).contains("change_by_position"));
        for (String plan : plans) {
            if (underTest.kind() == Kind.EMBEDDED) {
                assertThat(plan).doesNotContain("SCAN c", "SCAN change");
                // The index has the order; what is sorted after it is as much of each list as the page has at most.
                assertThat(plan).doesNotContain(RANGE + "\nUSE TEMP B-TREE");
                assertThat(plan.replace("COVERING ", "").replace("SEARCH c USING INDEX change_by_position" + RANGE, ""))
                        .doesNotContain("SEARCH c");
            } else {
                assertThat(rows(plan)).as(plan).isLessThanOrEqualTo((LIMIT + 1) * LISTS * 2);
            }
        }
    }

    @Test
    void looksForWhatChangedByAnIndex() throws SQLException {
        assertThat(plans(() -> feed.changedSince(CHANGES - 20, 1_000)))
                .singleElement()
                .satisfies(plan -> assertThat(plan).contains("change_by_time").doesNotContain("SCAN change\n"));
    }

    @Test
    void findsWhatToForgetByItsIndex() throws SQLException {
        List<String> plans = plans(() -> feed.purge(Instant.EPOCH.minusSeconds(1), 10));

        assertThat(plans.getFirst()).contains("change_by_removal");
        assertThat(plans.getLast()).contains("list_departure_by_time");
    }

    private static int rows(String plan) {
        return ROWS.matcher(plan)
                .results()
                .mapToInt(result -> Integer.parseInt(result.group(1)) * loops(result))
                .sum();
    }

    private static int loops(MatchResult result) {
        return result.group(2) == null ? 1 : Integer.parseInt(result.group(2));
    }

    /** The plans of the statements that some work makes; in PostgreSQL with the values that it gives them. */
    private List<String> plans(Runnable work) throws SQLException {
        return database.write(handle -> {
            List<String> statements = new ArrayList<>();
            SqlStatements config = handle.getConfig(SqlStatements.class);
            SqlLogger usual = config.getSqlLogger();
            config.setSqlLogger(new SqlLogger() {
                @Override
                public void logBeforeExecution(StatementContext context) {
                    if (context.getRawSql().contains("change_clock")) {
                        return;
                    }
                    statements.add(
                            underTest.kind() == Kind.EMBEDDED
                                    ? context.getParsedSql().getSql()
                                    : withValues(context.getStatement()));
                }
            });
            try {
                work.run();
            } finally {
                config.setSqlLogger(usual);
            }
            List<String> plans = new ArrayList<>();
            for (String statement : statements) {
                plans.add(plan(handle.getConnection(), statement));
            }
            return plans;
        });
    }

    /** As PostgreSQL's driver shows it. */
    private static String withValues(PreparedStatement statement) {
        try {
            return statement.unwrap(PreparedStatement.class).toString();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private String plan(Connection connection, String sql) throws SQLException {
        boolean isSqlite = underTest.kind() == Kind.EMBEDDED;
        String explain = isSqlite
                ? "EXPLAIN QUERY PLAN "
                : "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) ";
        StringBuilder plan = new StringBuilder();
        try (PreparedStatement statement = connection.prepareStatement(explain + sql)) {
            // SQLite plans without values.
            for (int i = 1; i <= statement.getParameterMetaData().getParameterCount(); i++) {
                statement.setNull(i, Types.NULL);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    plan.append(rows.getString(isSqlite ? "detail" : "QUERY PLAN"))
                            .append('\n');
                }
            }
        }
        return plan.toString();
    }

    private static UUID list(int number) {
        return new UUID(2, number);
    }
}
