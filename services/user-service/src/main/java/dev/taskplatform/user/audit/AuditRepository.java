// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.audit;

import dev.taskplatform.kit.http.TimedId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Reads what was done. Every method throws {@link dev.taskplatform.kit.database.DatabaseUnavailableException} while the
 * database is away.
 */
public interface AuditRepository {
    /**
     * Entries, the newest first.
     *
     * @param before only those before this place
     * @param limit at most so many
     */
    List<RecordedEntry> list(AuditFilter filter, Optional<TimedId> before, int limit);

    /** Removes what happened before this; younger entries cannot be removed from the database. */
    void purge(Instant before);
}
