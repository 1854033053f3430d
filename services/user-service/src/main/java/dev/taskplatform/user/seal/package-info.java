/** Secrets in the database, encrypted by the service's one key from outside of it. */
package dev.taskplatform.user.seal;
