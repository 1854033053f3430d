/** What other services are told of accounts and sessions: a transactional outbox. */
package dev.taskplatform.user.event;
