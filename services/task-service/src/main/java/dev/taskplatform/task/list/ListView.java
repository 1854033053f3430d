// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.list;

import java.time.Instant;
import java.util.UUID;

/** How a list looks to a member. */
public record ListView(UUID id, String name, boolean inbox, ListRole role, Instant createdAt, Instant updatedAt) {
    /** A list's. */
    public static ListView of(VisibleList found) {
        TaskList list = found.list();
        return new ListView(list.id(), list.name(), list.inbox(), found.role(), list.createdAt(), list.updatedAt());
    }
}
