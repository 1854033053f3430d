/** Passwords: what is accepted and how they are kept. */
package dev.taskplatform.user.password;
