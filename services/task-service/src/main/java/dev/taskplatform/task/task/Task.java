// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Something that somebody has to do.
 *
 * @param id UUIDv7: sorts by creation
 * @param list the list it is in, whose members alone see it
 * @param creator the user ({@code sub} of access tokens) who made it; empty once their account is deleted
 * @param position sorts the tasks of a list as people arranged them
 * @param completedAt since when it is done
 * @param deletedAt since when it is in the trash
 * @param version 1 at first, one more with each change
 * @param createdAt with microseconds, as the database keeps it
 * @param updatedAt of the last change; at first the same
 */
public record Task(
        UUID id,
        UUID list,
        Optional<UUID> creator,
        TaskFields fields,
        String position,
        Optional<Instant> completedAt,
        Optional<Instant> deletedAt,
        long version,
        Instant createdAt,
        Instant updatedAt) {

    /** A new task, at the end of its list. */
    public static Task create(UUID id, UUID list, UUID creator, TaskFields fields, Instant now) {
        return new Task(
                id,
                list,
                Optional.of(creator),
                fields.status() == TaskStatus.DONE ? fields.once() : fields,
                id.toString().replace("-", ""),
                fields.status() == TaskStatus.DONE ? Optional.of(now) : Optional.empty(),
                Optional.empty(),
                1,
                now,
                now);
    }

    /** As it is from now on with these fields; what is done does not come again itself. */
    public Task with(TaskFields changed, Instant now) {
        Optional<Instant> completed = switch (changed.status()) {
            case DONE -> completedAt.or(() -> Optional.of(now));
            case TODO, IN_PROGRESS -> Optional.empty();
        };
        return new Task(
                id,
                list,
                creator,
                completed.isPresent() ? changed.once() : changed,
                position,
                completed,
                deletedAt,
                version,
                createdAt,
                updatedAt);
    }

    /** Whether it is not in the trash. */
    public boolean isThere() {
        return deletedAt.isEmpty();
    }

    /** In another list, or elsewhere in its list. */
    public Task movedTo(UUID otherList, String otherPosition) {
        return new Task(
                id, otherList, creator, fields, otherPosition, completedAt, deletedAt, version, createdAt, updatedAt);
    }

    /** Out of the trash. */
    public Task restored() {
        return new Task(
                id, list, creator, fields, position, completedAt, Optional.empty(), version, createdAt, updatedAt);
    }

    /** In the trash from now on. */
    public Task deleted(Instant now) {
        return new Task(
                id, list, creator, fields, position, completedAt, Optional.of(now), version, createdAt, updatedAt);
    }

    /** The next version of it. */
    Task changed(Instant now) {
        return new Task(id, list, creator, fields, position, completedAt, deletedAt, version + 1, createdAt, now);
    }
}
