// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.audit;

import dev.taskplatform.kit.http.TimedId;
import java.time.Instant;
import java.util.UUID;

/**
 * An entry as it is kept.
 *
 * @param occurredAt to the microsecond
 */
public record RecordedEntry(UUID id, Instant occurredAt, AuditEntry entry) {
    /** Its place in the list. */
    public TimedId position() {
        return new TimedId(occurredAt, id);
    }
}
