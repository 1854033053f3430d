/** The key of cursors and other tokens that clients bring back. */
package dev.taskplatform.task.cursor;
