/** What this service asks the user service. */
package dev.taskplatform.task.account;
