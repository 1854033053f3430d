/** What members of a list say about its tasks. */
package dev.taskplatform.task.comment;
