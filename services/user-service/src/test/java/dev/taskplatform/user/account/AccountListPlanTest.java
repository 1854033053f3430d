// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.DatabaseUnderTest.Kind;
import dev.taskplatform.kit.database.OnEveryDatabase;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A list costs what its page holds, not what the table does: the planner reads a range of an index, in order. */
@OnEveryDatabase
class AccountListPlanTest {
    private static final int ACCOUNTS = 5_000;
    /** One in so many is disabled, and one is an administrator. */
    private static final int FEW = 100;

    private final DatabaseUnderTest underTest;
    private Database database;

    AccountListPlanTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @BeforeEach
    void fill() {
        database = underTest.open();
        // Enough rows, and numbers about them, that a planner has a reason to choose.
        database.write(handle -> {
            if (handle.createQuery("SELECT count(*) FROM account")
                            .mapTo(Integer.class)
                            .one()
                    == ACCOUNTS) {
                return 0;
            }
            var batch = handle.prepareBatch("INSERT INTO account (id, username, username_key, username_skeleton,"
                    + " password_hash, display_name, display_name_key, roles, disabled_at, password_changed_at, version,"
                    + " created_at, updated_at) VALUES (:id, :name, :name, :name, 'hash', :name, :displayKey, :roles,"
                    + " :disabledAt, :now, 1, :now, :now)");
            for (int i = 0; i < ACCOUNTS; i++) {
                batch.bind("id", new UUID(1, i))
                        .bind("name", "user%05d".formatted(i))
                        .bind("displayKey", "person%05d".formatted(i))
                        .bind("roles", i % FEW == 0 ? "user admin" : "user")
                        .bind("disabledAt", i % FEW == 1 ? Instant.EPOCH : null)
                        .bind("now", Instant.EPOCH)
                        .add();
            }
            batch.execute();
            return handle.execute("ANALYZE account");
        });
    }

    @AfterEach
    void close() {
        database.close();
    }

    @ParameterizedTest
    @CsvSource({
        ",         ,      false, UNIQUE",
        ",         ,      true,  UNIQUE",
        "ACTIVE,   ,      true,  account_active",
        "DISABLED, ,      true,  account_disabled",
        ",         ADMIN, true,  account_administrator",
        ",         USER,  true,  UNIQUE",
    })
    void readsARangeOfTheUsernames(AccountStatus status, Role role, boolean afterOne, String index) {
        AccountFilter filter =
                new AccountFilter(Optional.empty(), Optional.ofNullable(status), Optional.ofNullable(role));

        assertRange(plan(DatabaseAccountRepository.usernameSql(filter, afterOne)), index);
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void readsARangeOfTheUsernamesThatBeginSo(boolean afterOne) {
        AccountFilter filter = new AccountFilter(Optional.of("user"), Optional.empty(), Optional.empty());
        String plan = plan(DatabaseAccountRepository.usernameSql(filter, afterOne));

        assertRange(plan, "UNIQUE");
        assertThat(plan).contains(underTest.kind() == Kind.EMBEDDED ? "username_key<?" : "username_key < ");
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void readsARangeOfTheDisplayNames(boolean afterOne) {
        AccountFilter filter = new AccountFilter(Optional.of("person"), Optional.empty(), Optional.empty());

        assertRange(plan(DatabaseAccountRepository.displayNameSql(filter, afterOne)), "account_by_display_name");
    }

    private void assertRange(String plan, String expected) {
        String index = expected.equals("UNIQUE") ? unique() : expected;
        if (underTest.kind() == Kind.EMBEDDED) {
            assertThat(plan).contains("account USING INDEX " + index).doesNotContain("TEMP B-TREE");
        } else {
            assertThat(plan)
                    .contains("Index Scan using " + index + " on account")
                    .doesNotContain("Sort", "Seq Scan");
        }
    }

    private String plan(String sql) {
        String explain = underTest.kind() == Kind.EMBEDDED ? "EXPLAIN QUERY PLAN " : "EXPLAIN ";
        String column = underTest.kind() == Kind.EMBEDDED ? "detail" : "QUERY PLAN";
        return database.read(handle -> {
            var query = handle.createQuery(explain + sql).bind("limit", 51);
            if (sql.contains(":begin")) {
                query.bind("begin", sql.contains("ORDER BY display") ? "person02500" : "user02500");
            }
            if (sql.contains(":beginUsername")) {
                query.bind("beginUsername", "user02500");
            }
            if (sql.contains(":prefix")) {
                query.bind("prefix", "person");
            }
            if (sql.contains(":end")) {
                query.bind("end", sql.contains("ORDER BY display") ? "persoo" : "uses");
            }
            return query.map((row, context) -> row.getString(column)).collect(Collectors.joining("\n"));
        });
    }

    private String unique() {
        return underTest.kind() == Kind.EMBEDDED ? "sqlite_autoindex_account_2" : "account_username_key_key";
    }
}
