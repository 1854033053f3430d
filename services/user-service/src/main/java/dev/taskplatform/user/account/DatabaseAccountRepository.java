// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.kit.database.Database;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.result.RowView;
import org.jdbi.v3.core.statement.Update;

/** Accounts in the service's database. */
public final class DatabaseAccountRepository implements AccountRepository {
    private static final String COLUMNS = """
            id, username, password_hash, display_name, email, roles, disabled_at, password_changed_at, version, created_at,
            updated_at""";

    private final Database database;

    /** @param database with the table {@code account} */
    public DatabaseAccountRepository(Database database) {
        this.database = database;
    }

    @Override
    public boolean add(Account account) {
        return database.write(handle -> bind(handle.createUpdate("""
                        INSERT INTO account (id, username, username_key, password_hash, display_name, email, roles,
                            disabled_at, password_changed_at, version, created_at, updated_at)
                        VALUES (:id, :username, :usernameKey, :passwordHash, :displayName, :email, :roles,
                            :disabledAt, :passwordChangedAt, :version, :createdAt, :updatedAt)
                        ON CONFLICT (username_key) DO NOTHING"""), account)
                        .bind("username", account.username().value())
                        .bind("usernameKey", account.username().key())
                        .bind("createdAt", account.createdAt())
                        .execute()
                == 1);
    }

    @Override
    public boolean update(Account changed, long expectedVersion) {
        return database.write(handle -> bind(handle.createUpdate("""
                        UPDATE account
                        SET password_hash = :passwordHash, display_name = :displayName, email = :email, roles = :roles,
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
                .bind("email", account.email().orElse(null))
                .bind("roles", Role.join(account.roles()))
                .bind("disabledAt", account.disabledAt().orElse(null))
                .bind("passwordChangedAt", account.passwordChangedAt())
                .bind("version", account.version())
                .bind("updatedAt", account.updatedAt());
    }

    @Override
    public Optional<Account> find(UUID id) {
        return database.read(handle -> handle.createQuery("SELECT " + COLUMNS + " FROM account WHERE id = :id")
                .bind("id", id)
                .reduceRows(Optional.<Account>empty(), (none, row) -> Optional.of(account(row))));
    }

    @Override
    public Optional<Account> find(Username username) {
        return database.read(
                handle -> handle.createQuery("SELECT " + COLUMNS + " FROM account WHERE username_key = :key")
                        .bind("key", username.key())
                        .reduceRows(Optional.<Account>empty(), (none, row) -> Optional.of(account(row))));
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
}
