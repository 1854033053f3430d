// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import java.util.Optional;
import java.util.UUID;

/**
 * What was done to a task.
 *
 * @param before empty for a new task
 * @param after with {@link Task#deletedAt} when it went to the trash
 * @param actor who did it; empty for the service itself
 */
public record TaskChange(Optional<Task> before, Task after, Optional<UUID> actor) {}
