// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.key;

import dev.taskplatform.kit.database.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.RowView;

/** Signing keys in the service's database. */
public final class DatabaseKeyRepository implements KeyRepository {
    private final Database database;

    /** @param database with the tables {@code signing_key} and {@code key_ring} */
    public DatabaseKeyRepository(Database database) {
        this.database = database;
    }

    @Override
    public KeyRing load() {
        // One statement, so that the version is that of the keys.
        return database.read(handle ->
                handle.createQuery("""
                        SELECT version, generation, kid, sealed, token_lifetime, created_at, signs_since, retired_at
                        FROM key_ring LEFT JOIN signing_key ON true
                        ORDER BY generation DESC""").reduceRows(new KeyRing(0, List.of()), DatabaseKeyRepository::plusRow));
    }

    @Override
    public boolean replace(KeyRing before, KeyRing after) {
        return database.write(handle -> {
            int moved = handle.createUpdate("UPDATE key_ring SET version = version + 1 WHERE version = :version")
                    .bind("version", before.version())
                    .execute();
            if (moved == 1) {
                before.keys().stream()
                        .filter(key -> !after.keys().contains(key))
                        .forEach(key -> delete(handle, key));
                after.keys().stream()
                        .filter(key -> !before.keys().contains(key))
                        .forEach(key -> insert(handle, key));
            }
            return moved == 1;
        });
    }

    private static void delete(Handle handle, SealedKey key) {
        handle.createUpdate("DELETE FROM signing_key WHERE generation = :generation")
                .bind("generation", key.generation())
                .execute();
    }

    private static void insert(Handle handle, SealedKey key) {
        handle.createUpdate("""
                        INSERT INTO signing_key
                            (generation, kid, sealed, token_lifetime, created_at, signs_since, retired_at)
                        VALUES (:generation, :kid, :sealed, :tokenLifetime, :createdAt, :signsSince, :retiredAt)""")
                .bind("generation", key.generation())
                .bind("kid", key.kid())
                .bind("sealed", key.sealed())
                .bind("tokenLifetime", key.tokenLifetime().toSeconds())
                .bind("createdAt", key.createdAt())
                .bindByType("signsSince", key.signsSince(), Instant.class)
                .bindByType("retiredAt", key.retiredAt(), Instant.class)
                .execute();
    }

    private static KeyRing plusRow(KeyRing ring, RowView row) {
        List<SealedKey> keys = new ArrayList<>(ring.keys());
        if (row.getColumn("kid", String.class) != null) {
            keys.add(new SealedKey(
                    row.getColumn("generation", Integer.class),
                    row.getColumn("kid", String.class),
                    row.getColumn("sealed", byte[].class),
                    Duration.ofSeconds(row.getColumn("token_lifetime", Long.class)),
                    row.getColumn("created_at", Instant.class),
                    row.getColumn("signs_since", Instant.class),
                    row.getColumn("retired_at", Instant.class)));
        }
        return new KeyRing(row.getColumn("version", Long.class), keys);
    }
}
