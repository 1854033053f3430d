// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.throttle;

import dev.taskplatform.kit.database.Database;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.result.RowView;
import org.jdbi.v3.core.statement.SqlStatement;

/** Counters in the service's database. */
final class DatabaseCounterRepository implements CounterRepository {
    private static final String COLUMNS = "failures, pending, since, last_attempt, locks, locked_until";

    private final Database database;

    /** @param database with the table {@code throttle_counter} */
    DatabaseCounterRepository(Database database) {
        this.database = database;
    }

    @Override
    public Optional<Counter> find(CounterKey key) {
        return database.read(handle -> bind(
                        handle.createQuery("SELECT " + COLUMNS
                                + " FROM throttle_counter WHERE kind = :kind AND fingerprint = :fingerprint"),
                        key)
                .reduceRows(Optional.<Counter>empty(), (none, row) -> Optional.of(counter(row))));
    }

    @Override
    public Counter lock(CounterKey key, Counter none) {
        // An update that changes nothing locks the row as SELECT FOR UPDATE would, which SQLite does not have.
        return database.write(handle -> bind(bind(handle.createQuery("""
                        INSERT INTO throttle_counter
                            (kind, fingerprint, failures, pending, since, last_attempt, locks, locked_until, expires_at)
                        VALUES
                            (:kind, :fingerprint, :failures, :pending, :since, :lastAttempt, :locks, :lockedUntil, :since)
                        ON CONFLICT (kind, fingerprint) DO UPDATE SET pending = throttle_counter.pending
                        RETURNING\s""" + COLUMNS), key), none)
                .reduceRows(none, (nothing, row) -> counter(row)));
    }

    @Override
    public void save(CounterKey key, Counter counter, Instant expiresAt) {
        database.write(handle -> bind(bind(handle.createUpdate("""
                        UPDATE throttle_counter
                        SET failures = :failures, pending = :pending, since = :since, last_attempt = :lastAttempt,
                            locks = :locks, locked_until = :lockedUntil, expires_at = :expiresAt
                        WHERE kind = :kind AND fingerprint = :fingerprint"""), key), counter)
                .bind("expiresAt", expiresAt)
                .execute());
    }

    @Override
    public boolean remove(CounterKey key) {
        return database.write(handle -> bind(
                                handle.createUpdate(
                                        "DELETE FROM throttle_counter WHERE kind = :kind AND fingerprint = :fingerprint"),
                                key)
                        .execute()
                == 1);
    }

    @Override
    public int purge(Instant now) {
        int purged = 0;
        // A transaction for each kind: attempts lock an address and then a name, and must not meet one that has a name
        // and wants an address.
        for (CounterKey.Kind kind : CounterKey.Kind.values()) {
            purged += database.write(handle -> handle.createUpdate(
                            "DELETE FROM throttle_counter WHERE kind = :kind AND expires_at <= :now")
                    .bind("kind", name(kind))
                    .bind("now", now)
                    .execute());
        }
        return purged;
    }

    private static <S extends SqlStatement<S>> S bind(S statement, CounterKey key) {
        return statement.bind("kind", name(key.kind())).bind("fingerprint", key.fingerprint());
    }

    private static <S extends SqlStatement<S>> S bind(S statement, Counter counter) {
        return statement
                .bind("failures", counter.failures())
                .bind("pending", counter.pending())
                .bind("since", counter.since())
                .bind("lastAttempt", counter.lastAttempt())
                .bind("locks", counter.locks())
                .bind("lockedUntil", counter.lockedUntil().orElse(null));
    }

    private static String name(CounterKey.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static Counter counter(RowView row) {
        return new Counter(
                row.getColumn("failures", Integer.class),
                row.getColumn("pending", Integer.class),
                row.getColumn("since", Instant.class),
                row.getColumn("last_attempt", Instant.class),
                row.getColumn("locks", Integer.class),
                Optional.ofNullable(row.getColumn("locked_until", Instant.class)));
    }
}
