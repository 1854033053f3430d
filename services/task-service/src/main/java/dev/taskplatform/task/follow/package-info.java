/** What this service does about what happens to accounts and sessions, as the user service's events tell. */
package dev.taskplatform.task.follow;
