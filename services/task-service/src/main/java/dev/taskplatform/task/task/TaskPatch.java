// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import java.util.Optional;

/**
 * A change of some fields of a task; what is empty stays as it is.
 *
 * @param removesDescription the description goes; {@code description} is then empty
 */
public record TaskPatch(
        Optional<String> title,
        Optional<String> description,
        boolean removesDescription,
        Optional<TaskStatus> status) {}
