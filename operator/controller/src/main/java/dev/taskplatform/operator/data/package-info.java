/**
 * Commands on the whole data of a resource: backup, restore, and the move to PostgreSQL. The chart defines a Job for each service,
 * in the service's own image; what a command did, or why it could not, is the last word of its pod. Every command may be run again
 * after it was done, so nothing has to be remembered of a Job but that it exists.
 */
package dev.taskplatform.operator.data;
