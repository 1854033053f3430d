// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Something that a person has to do.
 *
 * @param id UUIDv7: sorts by creation
 * @param owner the user ({@code sub} of access tokens) who alone sees it
 * @param title see {@link TaskText#title}
 * @param description see {@link TaskText#description}
 * @param version 1 at first, one more with each change
 * @param createdAt with microseconds, as the database keeps it
 * @param updatedAt of the last change; at first the same
 */
public record Task(
        UUID id,
        UUID owner,
        String title,
        Optional<String> description,
        TaskStatus status,
        long version,
        Instant createdAt,
        Instant updatedAt) {}
