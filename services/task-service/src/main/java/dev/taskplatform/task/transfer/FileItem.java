// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import dev.taskplatform.task.task.TaskFields;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a file has, one after the other; a list comes before its tasks. */
sealed interface FileItem {
    /**
     * A list.
     *
     * @param ref names it in the file
     * @param inbox whether it was somebody's inbox, and so becomes part of the importing person's
     */
    record ListItem(String ref, String name, boolean inbox) implements FileItem {}

    /**
     * A task.
     *
     * @param ref names it in the file, where something refers to it
     * @param list the {@code ref} of its list; empty in a file that has no lists
     * @param fields without parent and what it waits for
     * @param parent a {@code ref}
     * @param blockedBy {@code ref}s
     */
    record TaskItem(
            Optional<String> ref,
            Optional<String> list,
            TaskFields fields,
            Optional<String> parent,
            List<String> blockedBy,
            Optional<String> position,
            Optional<Instant> completedAt,
            Optional<Instant> createdAt)
            implements FileItem {}

    /** Something that is no task, and why. */
    record BadItem(String reason) implements FileItem {}
}
