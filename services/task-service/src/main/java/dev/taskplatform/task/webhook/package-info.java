/**
 * Telling other programs what happened to tasks, in the way of Standard Webhooks (standardwebhooks.com): from an outbox, so that
 * each is told at least once, and of one task in its order.
 */
package dev.taskplatform.task.webhook;
