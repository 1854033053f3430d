// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

/** The task has none of the versions that the change was for; nothing was changed. */
public final class VersionMismatchException extends Exception {}
