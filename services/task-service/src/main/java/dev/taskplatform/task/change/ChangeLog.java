// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.change;

import java.time.Instant;
import java.util.UUID;

/**
 * Where each thing stands in the order of changes: once, at its latest. Call it in the transaction that makes the change.
 *
 * <p>All throw {@link dev.taskplatform.kit.database.DatabaseUnavailableException} when the database can't do it now.
 */
public interface ChangeLog {
    /** The thing was made or changed. */
    void changed(UUID list, EntityKind kind, UUID id, Instant now);

    /** The thing is not in this list any more: removed, in the trash or moved. */
    void removed(UUID list, EntityKind kind, UUID id, Instant now);
}
