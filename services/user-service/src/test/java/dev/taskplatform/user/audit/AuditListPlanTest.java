// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.DatabaseUnderTest.Kind;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.kit.http.TimedId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A page costs what it holds, not what the log does: the planner reads a range of an index, backwards. */
@OnEveryDatabase
class AuditListPlanTest {
    private static final int USERS = 40;
    private static final int KINDS = 40;
    private static final int ENTRIES = 20_000;
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final DatabaseUnderTest underTest;
    private Database database;

    AuditListPlanTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @BeforeEach
    void fill() {
        database = underTest.open();
        // Enough rows, and numbers about them, that a planner has a reason to choose.
        database.write(handle -> {
            if (handle.createQuery("SELECT count(*) FROM audit_entry")
                            .mapTo(Integer.class)
                            .one()
                    == ENTRIES) {
                return 0;
            }
            var batch = handle.prepareBatch("INSERT INTO audit_entry (id, occurred_at, kind, user_id, actor_user_id,"
                    + " details) VALUES (:id, :at, :kind, :user, :actor, '{}')");
            for (int i = 0; i < ENTRIES; i++) {
                batch.bind("id", new UUID(0x0199_0000_0000_7000L + ((long) i << 16), i))
                        .bind("at", START.plusSeconds(i))
                        .bind("kind", kind(i % KINDS))
                        .bind("user", user(i % USERS))
                        .bind("actor", user((i + 1) % USERS))
                        .add();
            }
            batch.execute();
            return handle.execute("ANALYZE audit_entry");
        });
    }

    @AfterEach
    void close() {
        database.close();
    }

    @ParameterizedTest
    @CsvSource({
        "none, audit_entry_by_time",
        "user, audit_entry_by_user",
        "actor, audit_entry_by_actor",
        "kind, audit_entry_by_kind",
    })
    void readsARangeOfAnIndex(String by, String index) {
        for (boolean within : new boolean[] {false, true}) {
            for (boolean beforeOne : new boolean[] {false, true}) {
                AuditFilter filter = filter(by, within);
                Optional<TimedId> before = beforeOne
                        ? Optional.of(new TimedId(
                                START.plusSeconds(10_000), new UUID(0x0199_0000_0000_7000L + (10_000L << 16), 10_000)))
                        : Optional.empty();
                String plan = database.read(handle -> plan(handle, filter, before));
                assertThat(plan).contains(index);
                if (underTest.kind() == Kind.EMBEDDED) {
                    assertThat(plan).doesNotContain("TEMP B-TREE");
                    assertThat(plan).contains(by.equals("none") && !within && !beforeOne ? "SCAN" : "SEARCH");
                } else {
                    assertThat(plan)
                            .contains("Index Scan Backward using " + index)
                            .doesNotContain("Sort", "Seq Scan", "Filter");
                }
            }
        }
    }

    private String plan(Handle handle, AuditFilter filter, Optional<TimedId> before) {
        boolean embedded = underTest.kind() == Kind.EMBEDDED;
        String column = embedded ? "detail" : "QUERY PLAN";
        return DatabaseAuditRepository.query(handle, embedded ? "EXPLAIN QUERY PLAN " : "EXPLAIN ", filter, before, 11)
                .map((row, context) -> row.getString(column))
                .collect(Collectors.joining("\n"));
    }

    private static AuditFilter filter(String by, boolean within) {
        return new AuditFilter(
                by.equals("user") ? Optional.of(user(3)) : Optional.empty(),
                by.equals("actor") ? Optional.of(user(3)) : Optional.empty(),
                by.equals("kind") ? Optional.of(kind(3)) : Optional.empty(),
                within ? Optional.of(START.plusSeconds(4_000)) : Optional.empty(),
                within ? Optional.of(START.plusSeconds(16_000)) : Optional.empty());
    }

    private static UUID user(int number) {
        return new UUID(1, number);
    }

    private static String kind(int number) {
        return "kind-" + number;
    }
}
