// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

/**
 * Something of a file that became no task, or not wholly.
 *
 * @param item its number in the file, from 1; 0 for the file as a whole
 * @param detail what was wrong
 */
public record ImportError(long item, String detail) {}
