// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.list;

import java.time.Instant;
import java.util.UUID;

/**
 * A list of tasks.
 *
 * @param id UUIDv7, but the id of its person for an inbox
 * @param name see {@link ListText#name}
 * @param inbox whether it takes the tasks that name no list; never shared
 * @param version 1 at first, one more with each change
 * @param createdAt with microseconds, as the database keeps it
 * @param updatedAt of the last change; at first the same
 */
public record TaskList(UUID id, String name, boolean inbox, long version, Instant createdAt, Instant updatedAt) {
    /** The next version, with another name. */
    TaskList renamed(String other, Instant now) {
        return new TaskList(id, other, inbox, version + 1, createdAt, now);
    }
}
