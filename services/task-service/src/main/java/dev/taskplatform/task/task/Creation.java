// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import java.util.Optional;
import java.util.UUID;

/**
 * A task that is to be made.
 *
 * @param id what a client that was offline called it already; empty for one that the service makes
 * @param list the inbox when empty
 */
public record Creation(Optional<UUID> id, Optional<UUID> list, TaskFields fields) {}
