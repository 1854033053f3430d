// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.kit.database.Database;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.result.RowView;

/** Accounts in the service's database. */
public final class DatabaseAccountRepository implements AccountRepository {
    private static final String COLUMNS = "id, username, password_hash, created_at";

    private final Database database;

    /** @param database with the table {@code account} */
    public DatabaseAccountRepository(Database database) {
        this.database = database;
    }

    @Override
    public boolean add(Account account) {
        int rows = database.write(handle -> handle.createUpdate("""
                        INSERT INTO account (id, username, username_key, password_hash, created_at)
                        VALUES (:id, :username, :usernameKey, :passwordHash, :createdAt)
                        ON CONFLICT (username_key) DO NOTHING""")
                .bind("id", account.id())
                .bind("username", account.username().value())
                .bind("usernameKey", account.username().key())
                .bind("passwordHash", account.passwordHash())
                .bind("createdAt", account.createdAt())
                .execute());
        return rows == 1;
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
                row.getColumn("created_at", Instant.class));
    }
}
