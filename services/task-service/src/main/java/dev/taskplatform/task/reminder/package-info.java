/** Reminding of tasks. */
package dev.taskplatform.task.reminder;
