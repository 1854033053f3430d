// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.audit;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.json.Json;
import java.time.Instant;

/** An audit log as it is before the first entry, for tests that share a database: entries cannot just be deleted. */
public final class EmptyAuditLog {
    private static final Instant END = Instant.parse("9999-01-01T00:00:00Z");

    private EmptyAuditLog() {}

    /** Makes it so. */
    public static void of(Database database) {
        new DatabaseAuditRepository(database, Json.mapper()).purge(END);
        database.write(handle -> handle.createUpdate("UPDATE audit_horizon SET kept_from = :epoch")
                .bind("epoch", Instant.EPOCH)
                .execute());
    }
}
