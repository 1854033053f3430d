/** Tasks: what one is, where they are kept, and their routes under {@code /v1/tasks}. */
package dev.taskplatform.task.task;
