// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.kit.database.Database;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowViewMapper;
import org.jdbi.v3.core.result.RowView;
import org.jdbi.v3.core.statement.EmptyHandling;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;

/** Accounts in the service's database. */
public final class DatabaseAccountRepository implements AccountRepository {
    private static final String COLUMNS = """
            id, username, password_hash, display_name, email, roles, disabled_at, password_changed_at, version, created_at,
            updated_at""";

    /** As the index has it. */
    private static final String ADMINISTRATOR = "roles IN ('user admin', 'admin')";

    /** Behind every text that begins with what it is appended to. */
    private static final String LAST = new String(Character.toChars(Character.MAX_CODE_POINT));

    private static final RowViewMapper<Account> ACCOUNT = DatabaseAccountRepository::account;

    private final Database database;

    /** @param database with the tables {@code account}, {@code account_lock} and {@code deletion} */
    public DatabaseAccountRepository(Database database) {
        this.database = database;
    }

    @Override
    public boolean add(Account account) {
        return database.write(handle -> {
            int added = bind(handle.createUpdate("""
                            INSERT INTO account (id, username, username_key, username_skeleton, password_hash, display_name,
                                display_name_key, email, roles, disabled_at, password_changed_at, version, created_at,
                                updated_at)
                            VALUES (:id, :username, :usernameKey, :usernameSkeleton, :passwordHash, :displayName,
                                :displayNameKey, :email, :roles, :disabledAt, :passwordChangedAt, :version, :createdAt,
                                :updatedAt)
                            ON CONFLICT DO NOTHING"""), account)
                    .bind("username", account.username().value())
                    .bind("usernameKey", account.username().key())
                    .bind("usernameSkeleton", account.username().skeleton())
                    .bind("createdAt", account.createdAt())
                    .execute();
            if (added == 0) {
                return false;
            }
            // Afterwards: the insert may have waited for the deletion of the account that had the name.
            if (isBeingDeleted(handle, account.username())) {
                handle.createUpdate("DELETE FROM account WHERE id = :id")
                        .bind("id", account.id())
                        .execute();
                return false;
            }
            return true;
        });
    }

    @Override
    public boolean isTaken(Username username) {
        return database.read(handle -> exists(handle.createQuery(
                                "SELECT 1 FROM account WHERE username_key = :key OR username_skeleton = :skeleton")
                        .bind("key", username.key())
                        .bind("skeleton", username.skeleton()))
                || isBeingDeleted(handle, username));
    }

    private static boolean isBeingDeleted(Handle handle, Username username) {
        return exists(
                handle.createQuery("SELECT 1 FROM deletion WHERE username_key = :key OR username_skeleton = :skeleton")
                        .bind("key", username.key())
                        .bind("skeleton", username.skeleton()));
    }

    @Override
    public boolean update(Account changed, long expectedVersion) {
        return database.write(handle -> bind(handle.createUpdate("""
                        UPDATE account
                        SET password_hash = :passwordHash, display_name = :displayName,
                            display_name_key = :displayNameKey, email = :email, roles = :roles,
                            disabled_at = :disabledAt, password_changed_at = :passwordChangedAt, version = :version,
                            updated_at = :updatedAt
                        WHERE id = :id AND version = :expectedVersion"""), changed)
                        .bind("expectedVersion", expectedVersion)
                        .execute()
                == 1);
    }

    @Override
    public boolean replaceHash(UUID id, String oldHash, String newHash) {
        return database.write(handle -> handle.createUpdate(
                                "UPDATE account SET password_hash = :newHash WHERE id = :id AND password_hash = :oldHash")
                        .bind("id", id)
                        .bind("oldHash", oldHash)
                        .bind("newHash", newHash)
                        .execute()
                == 1);
    }

    private static Update bind(Update update, Account account) {
        return update.bind("id", account.id())
                .bind("passwordHash", account.passwordHash())
                .bind("displayName", account.displayName().orElse(null))
                .bind(
                        "displayNameKey",
                        account.displayName().map(Lookalikes::fold).orElse(null))
                .bind("email", account.email().orElse(null))
                .bind("roles", Role.join(account.roles()))
                .bind("disabledAt", account.disabledAt().orElse(null))
                .bind("passwordChangedAt", account.passwordChangedAt())
                .bind("version", account.version())
                .bind("updatedAt", account.updatedAt());
    }

    @Override
    public boolean remove(UUID id, long expectedVersion) {
        return database.write(
                handle -> handle.createUpdate("DELETE FROM account WHERE id = :id AND version = :expectedVersion")
                                .bind("id", id)
                                .bind("expectedVersion", expectedVersion)
                                .execute()
                        == 1);
    }

    @Override
    public Optional<Account> find(UUID id) {
        return database.read(handle -> handle.createQuery("SELECT " + COLUMNS + " FROM account WHERE id = :id")
                .bind("id", id)
                .map(ACCOUNT)
                .findOne());
    }

    @Override
    public Optional<Account> find(Username username) {
        return database.read(
                handle -> handle.createQuery("SELECT " + COLUMNS + " FROM account WHERE username_key = :key")
                        .bind("key", username.key())
                        .map(ACCOUNT)
                        .findOne());
    }

    @Override
    public List<Account> findAll(Set<UUID> ids, Set<Username> usernames) {
        return database.read(handle -> handle.createQuery("SELECT " + COLUMNS
                        + " FROM account WHERE id IN (<ids>) OR username_key IN (<keys>) ORDER BY username_key")
                .bindList(EmptyHandling.NULL_KEYWORD, "ids", List.copyOf(ids))
                .bindList(
                        EmptyHandling.NULL_KEYWORD,
                        "keys",
                        usernames.stream().map(Username::key).distinct().toList())
                .map(ACCOUNT)
                .list());
    }

    @Override
    public List<Account> list(AccountFilter filter, Optional<AccountPosition> after, int limit) {
        return database.read(handle -> {
            List<Account> found = new ArrayList<>();
            boolean amongDisplayNames =
                    after.filter(AccountPosition::byDisplayName).isPresent();
            if (!amongDisplayNames) {
                found.addAll(byUsername(handle, filter, after, limit));
            }
            if (filter.prefix().isPresent() && found.size() < limit) {
                found.addAll(byDisplayName(
                        handle, filter, after.filter(AccountPosition::byDisplayName), limit - found.size()));
            }
            return found;
        });
    }

    private static List<Account> byUsername(
            Handle handle, AccountFilter filter, Optional<AccountPosition> after, int limit) {
        Query query = handle.createQuery(usernameSql(filter, after.isPresent())).bind("limit", limit);
        filter.prefix().ifPresent(prefix -> query.bind("end", prefix + LAST));
        after.map(AccountPosition::usernameKey).or(filter::prefix).ifPresent(begin -> query.bind("begin", begin));
        return query.map(ACCOUNT).list();
    }

    private static List<Account> byDisplayName(
            Handle handle, AccountFilter filter, Optional<AccountPosition> after, int limit) {
        Query query = handle.createQuery(displayNameSql(filter, after.isPresent()))
                .bind("limit", limit)
                .bind("prefix", filter.prefix().orElseThrow())
                .bind("end", filter.prefix().orElseThrow() + LAST);
        after.ifPresent(position ->
                query.bind("begin", position.displayNameKey()).bind("beginUsername", position.usernameKey()));
        return query.map(ACCOUNT).list();
    }

    /** Conditions are left out rather than made optional in SQL, so that each list is a range of one index. */
    static String usernameSql(AccountFilter filter, boolean afterOne) {
        List<String> conditions = conditions(filter);
        // One lower bound: of two, SQLite might take the one that is met by all the pages before.
        if (afterOne) {
            conditions.add("username_key > :begin");
        } else if (filter.prefix().isPresent()) {
            conditions.add("username_key >= :begin");
        }
        if (filter.prefix().isPresent()) {
            conditions.add("username_key < :end");
        }
        return "SELECT " + COLUMNS + " FROM account"
                + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions))
                + " ORDER BY username_key LIMIT :limit";
    }

    static String displayNameSql(AccountFilter filter, boolean afterOne) {
        List<String> conditions = conditions(filter);
        conditions.add("display_name_key IS NOT NULL");
        conditions.add(
                afterOne
                        ? "(display_name_key, username_key) > (:begin, :beginUsername)"
                        : "display_name_key >= :prefix");
        conditions.add("display_name_key < :end");
        conditions.add("NOT (username_key >= :prefix AND username_key < :end)");
        return "SELECT " + COLUMNS + " FROM account WHERE " + String.join(" AND ", conditions)
                + " ORDER BY display_name_key, username_key LIMIT :limit";
    }

    private static List<String> conditions(AccountFilter filter) {
        List<String> conditions = new ArrayList<>();
        filter.status()
                .ifPresent(status -> conditions.add(
                        switch (status) {
                            case ACTIVE -> "disabled_at IS NULL";
                            case DISABLED -> "disabled_at IS NOT NULL";
                        }));
        filter.role()
                .ifPresent(role -> conditions.add(
                        switch (role) {
                            case USER -> "roles IN ('user', 'user admin')";
                            case ADMIN -> ADMINISTRATOR;
                        }));
        return conditions;
    }

    @Override
    public void lock() {
        database.write(handle -> handle.execute("UPDATE account_lock SET changes = changes + 1"));
    }

    @Override
    public boolean hasAdministrator() {
        return database.read(
                handle -> exists(handle.createQuery("SELECT 1 FROM account WHERE " + ADMINISTRATOR + " LIMIT 1")));
    }

    @Override
    public boolean hasActiveAdministratorBeside(UUID id) {
        return database.read(handle -> exists(handle.createQuery("SELECT 1 FROM account WHERE " + ADMINISTRATOR
                        + " AND disabled_at IS NULL AND id <> :id LIMIT 1")
                .bind("id", id)));
    }

    @Override
    public int fillSkeletons(int limit) {
        // Without a transaction first: it is asked often, and once all are filled the answer is always none.
        if (database.read(handle -> withoutSkeleton(handle, 1)).isEmpty()) {
            return 0;
        }
        return database.write(handle -> {
            lock();
            List<Nameless> accounts = withoutSkeleton(handle, limit);
            for (Nameless account : accounts) {
                String skeleton = account.username().skeleton();
                // No skeleton has a space: that of the second one who looks alike must only be unique.
                handle.createUpdate("""
                                UPDATE account
                                SET username_skeleton = CASE
                                    WHEN EXISTS (SELECT 1 FROM account WHERE username_skeleton = :skeleton) THEN :second
                                    ELSE :skeleton END
                                WHERE id = :id""")
                        .bind("id", account.id())
                        .bind("skeleton", skeleton)
                        .bind("second", skeleton + " " + account.id())
                        .execute();
            }
            return accounts.size();
        });
    }

    /** The oldest come first. */
    private static List<Nameless> withoutSkeleton(Handle handle, int limit) {
        return handle.createQuery(
                        "SELECT id, username FROM account WHERE username_skeleton IS NULL ORDER BY id LIMIT :limit")
                .bind("limit", limit)
                .map(row -> new Nameless(
                        row.getColumn("id", UUID.class), new Username(row.getColumn("username", String.class))))
                .list();
    }

    private static boolean exists(Query query) {
        return query.mapTo(Integer.class).findFirst().isPresent();
    }

    private static Account account(RowView row) {
        return new Account(
                row.getColumn("id", UUID.class),
                new Username(row.getColumn("username", String.class)),
                row.getColumn("password_hash", String.class),
                Optional.ofNullable(row.getColumn("display_name", String.class)),
                Optional.ofNullable(row.getColumn("email", String.class)),
                Role.split(row.getColumn("roles", String.class)),
                Optional.ofNullable(row.getColumn("disabled_at", Instant.class)),
                row.getColumn("password_changed_at", Instant.class),
                row.getColumn("version", Long.class),
                row.getColumn("created_at", Instant.class),
                row.getColumn("updated_at", Instant.class));
    }

    /** An account whose name's look is not stored yet. */
    private record Nameless(UUID id, Username username) {}
}
