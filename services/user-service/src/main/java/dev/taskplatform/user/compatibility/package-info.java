/** The simple API of two routes, for clients that were written for it. */
package dev.taskplatform.user.compatibility;
