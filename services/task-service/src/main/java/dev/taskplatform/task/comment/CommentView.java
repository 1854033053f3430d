// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.comment;

import java.time.Instant;
import java.util.UUID;

/** How a comment looks from outside; what is null is not in JSON. */
public record CommentView(UUID id, UUID taskId, UUID authorId, String text, Instant createdAt, Instant updatedAt) {
    /** A comment's. */
    public static CommentView of(Comment comment) {
        return new CommentView(
                comment.id(),
                comment.task(),
                comment.author().orElse(null),
                comment.text(),
                comment.createdAt(),
                comment.updatedAt());
    }
}
