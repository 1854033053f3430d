// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import dev.taskplatform.task.list.ListRole;

/**
 * A task that a person can see.
 *
 * @param role theirs in its list
 */
public record VisibleTask(Task task, ListRole role) {}
