// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.find;

import dev.taskplatform.task.task.Task;
import java.util.Optional;
import java.util.UUID;

/**
 * A task that can be done now, and why it should be.
 *
 * @param urgency its own, or that of the most urgent task that waits for it
 * @param because that task, if it is another
 */
record Suggestion(Task task, Urgency urgency, Optional<UUID> because) {}
