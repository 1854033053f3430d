// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.key;

import dev.taskplatform.kit.database.Database;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Signing keys in the service's database. */
public final class DatabaseKeyRepository implements KeyRepository {
    private final Database database;

    /** @param database with the table {@code signing_key} */
    public DatabaseKeyRepository(Database database) {
        this.database = database;
    }

    @Override
    public boolean add(SealedKey key) {
        int rows = database.write(handle -> handle.createUpdate("""
                        INSERT INTO signing_key (generation, kid, sealed, created_at)
                        VALUES (:generation, :kid, :sealed, :createdAt)
                        ON CONFLICT (generation) DO NOTHING""")
                .bind("generation", key.generation())
                .bind("kid", key.kid())
                .bind("sealed", key.sealed())
                .bind("createdAt", key.createdAt())
                .execute());
        return rows == 1;
    }

    @Override
    public List<SealedKey> all() {
        return database.read(handle -> handle.createQuery(
                        "SELECT generation, kid, sealed, created_at FROM signing_key ORDER BY generation DESC")
                .reduceRows(new ArrayList<SealedKey>(), (keys, row) -> {
                    keys.add(new SealedKey(
                            row.getColumn("generation", Integer.class),
                            row.getColumn("kid", String.class),
                            row.getColumn("sealed", byte[].class),
                            row.getColumn("created_at", Instant.class)));
                    return keys;
                }));
    }
}
