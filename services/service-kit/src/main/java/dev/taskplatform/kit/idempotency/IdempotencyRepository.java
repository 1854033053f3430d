// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.idempotency;

import dev.taskplatform.kit.database.Database;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Keys and answers in the service's database, which all replicas share. */
final class IdempotencyRepository {
    private final Database database;

    IdempotencyRepository(Database database) {
        this.database = database;
    }

    /**
     * Claims a key unless another attempt has it or has been answered; of several at once exactly one gets it.
     *
     * @param claim of this attempt
     * @param until when others may take it over
     */
    Attempt claim(byte[] id, byte[] fingerprint, UUID claim, Instant now, Instant until) {
        return database.write(handle -> {
            int claimed = handle.createUpdate("""
                            INSERT INTO idempotency_key AS known (id, fingerprint, claim, expires_at)
                            VALUES (:id, :fingerprint, :claim, :until)
                            ON CONFLICT (id) DO UPDATE
                            SET fingerprint = excluded.fingerprint, claim = excluded.claim,
                                expires_at = excluded.expires_at, answer = NULL
                            WHERE known.expires_at <= :now""")
                    .bind("id", id)
                    .bind("fingerprint", fingerprint)
                    .bind("claim", claim)
                    .bind("until", until)
                    .bind("now", now)
                    .execute();
            return claimed == 1 ? new Attempt.First(claim) : known(handle, id, fingerprint);
        });
    }

    private static Attempt known(Handle handle, byte[] id, byte[] fingerprint) {
        Optional<Row> row = handle.createQuery("SELECT fingerprint, answer FROM idempotency_key WHERE id = :id")
                .bind("id", id)
                .map((columns, context) -> new Row(columns.getBytes("fingerprint"), columns.getBytes("answer")))
                .findOne();
        // None when it came to nothing just now: the client is told to try again, as it would be a moment before.
        if (row.isEmpty()) {
            return new Attempt.InFlight();
        }
        if (!MessageDigest.isEqual(row.get().fingerprint(), fingerprint)) {
            return new Attempt.OtherRequest();
        }
        return row.get().answer() == null
                ? new Attempt.InFlight()
                : new Attempt.Repeated(row.get().answer());
    }

    /**
     * Keeps the answer of an attempt.
     *
     * @param until how long
     * @return false when another attempt took the key over
     */
    boolean complete(byte[] id, UUID claim, byte[] sealed, Instant until) {
        int rows = database.write(handle -> handle.createUpdate("""
                        UPDATE idempotency_key SET answer = :answer, expires_at = :until
                        WHERE id = :id AND claim = :claim AND answer IS NULL""")
                .bind("answer", sealed)
                .bind("until", until)
                .bind("id", id)
                .bind("claim", claim)
                .execute());
        return rows == 1;
    }

    /** Gives up the claim of an attempt that made nothing; none if it was answered or taken over. */
    void release(byte[] id, UUID claim) {
        database.write(handle -> handle.createUpdate(
                        "DELETE FROM idempotency_key WHERE id = :id AND claim = :claim AND answer IS NULL")
                .bind("id", id)
                .bind("claim", claim)
                .execute());
    }

    /** Removes what has expired. */
    void purge(Instant now) {
        database.write(handle -> handle.createUpdate("DELETE FROM idempotency_key WHERE expires_at <= :now")
                .bind("now", now)
                .execute());
    }

    private record Row(byte[] fingerprint, byte[] answer) {}
}
