/** Finding tasks among all that a person can see. */
package dev.taskplatform.task.find;
