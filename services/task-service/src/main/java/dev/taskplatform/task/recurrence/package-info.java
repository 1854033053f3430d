/** Tasks that come again. */
package dev.taskplatform.task.recurrence;
