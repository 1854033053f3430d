// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.list;

/**
 * A list that a person can see.
 *
 * @param role theirs in it
 */
public record VisibleList(TaskList list, ListRole role) {}
