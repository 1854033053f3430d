/** Secrets that are kept in a database. */
package dev.taskplatform.kit.seal;
