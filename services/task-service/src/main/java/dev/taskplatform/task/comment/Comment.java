// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.comment;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What somebody said about a task.
 *
 * @param id UUIDv7: sorts by creation
 * @param author empty once their account is deleted
 * @param text Markdown, kept as it is; see {@link CommentText#of}
 * @param version 1 at first, one more with each change
 */
public record Comment(
        UUID id, UUID task, Optional<UUID> author, String text, long version, Instant createdAt, Instant updatedAt) {
    Comment saying(String other, Instant now) {
        return new Comment(id, task, author, other, version + 1, createdAt, now);
    }
}
