/** What was deleted, for as long as it can come back. */
package dev.taskplatform.task.trash;
