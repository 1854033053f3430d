// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.factor;

import dev.taskplatform.kit.database.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jdbi.v3.core.result.RowView;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Second factors in the service's database. */
public final class DatabaseFactorRepository implements FactorRepository {
    private final Database database;

    /** @param database with the tables {@code totp} and {@code recovery_code} */
    public DatabaseFactorRepository(Database database) {
        this.database = database;
    }

    @Override
    public Optional<Factor> find(UUID userId) {
        return database.read(handle -> handle.createQuery("""
                        SELECT user_id, id, sealed_secret, created_at, enabled_at, last_step FROM totp
                        WHERE user_id = :userId""")
                .bind("userId", userId)
                .reduceRows(Optional.<Factor>empty(), (none, row) -> Optional.of(factor(row))));
    }

    @Override
    public boolean propose(Factor factor) {
        return database.write(handle -> handle.createUpdate("""
                        INSERT INTO totp (user_id, id, sealed_secret, created_at)
                        VALUES (:userId, :id, :sealedSecret, :createdAt)
                        ON CONFLICT (user_id) DO UPDATE
                        SET id = excluded.id, sealed_secret = excluded.sealed_secret, created_at = excluded.created_at
                        WHERE totp.enabled_at IS NULL""")
                        .bind("userId", factor.userId())
                        .bind("id", factor.id())
                        .bind("sealedSecret", factor.sealedSecret())
                        .bind("createdAt", factor.createdAt())
                        .execute())
                == 1;
    }

    @Override
    public boolean enable(Factor proposed, Factor enabled) {
        return database.write(handle -> handle.createUpdate("""
                        UPDATE totp SET enabled_at = :enabledAt, last_step = :lastStep
                        WHERE user_id = :userId AND id = :id AND enabled_at IS NULL""")
                        .bind("enabledAt", enabled.enabledAt().orElseThrow())
                        .bind("lastStep", enabled.lastStep().orElseThrow())
                        .bind("userId", proposed.userId())
                        .bind("id", proposed.id())
                        .execute())
                == 1;
    }

    @Override
    public boolean useStep(Factor factor, long step) {
        return database.write(handle -> handle.createUpdate("""
                        UPDATE totp SET last_step = :step
                        WHERE user_id = :userId AND id = :id AND last_step < :step""")
                        .bind("step", step)
                        .bind("userId", factor.userId())
                        .bind("id", factor.id())
                        .execute())
                == 1;
    }

    @Override
    public boolean remove(UUID userId) {
        return database.write(handle -> {
            handle.createUpdate("DELETE FROM recovery_code WHERE user_id = :userId")
                    .bind("userId", userId)
                    .execute();
            return handle.createUpdate("DELETE FROM totp WHERE user_id = :userId")
                            .bind("userId", userId)
                            .execute()
                    == 1;
        });
    }

    @Override
    public void replaceRecoveryCodes(UUID userId, List<byte[]> hashes) {
        database.write(handle -> {
            handle.createUpdate("DELETE FROM recovery_code WHERE user_id = :userId")
                    .bind("userId", userId)
                    .execute();
            PreparedBatch batch =
                    handle.prepareBatch("INSERT INTO recovery_code (user_id, code_hash) VALUES (:userId, :hash)");
            hashes.forEach(
                    hash -> batch.bind("userId", userId).bind("hash", hash).add());
            return batch.execute();
        });
    }

    @Override
    public boolean useRecoveryCode(UUID userId, byte[] hash) {
        return database.write(handle -> handle.createUpdate(
                                "DELETE FROM recovery_code WHERE user_id = :userId AND code_hash = :hash")
                        .bind("userId", userId)
                        .bind("hash", hash)
                        .execute())
                == 1;
    }

    @Override
    public int recoveryCodes(UUID userId) {
        return database.read(handle -> handle.createQuery("SELECT count(*) FROM recovery_code WHERE user_id = :userId")
                .bind("userId", userId)
                .mapTo(Integer.class)
                .one());
    }

    private static Factor factor(RowView row) {
        Long lastStep = row.getColumn("last_step", Long.class);
        return new Factor(
                row.getColumn("user_id", UUID.class),
                row.getColumn("id", UUID.class),
                row.getColumn("sealed_secret", byte[].class),
                row.getColumn("created_at", Instant.class),
                Optional.ofNullable(row.getColumn("enabled_at", Instant.class)),
                lastStep == null ? OptionalLong.empty() : OptionalLong.of(lastStep));
    }
}
