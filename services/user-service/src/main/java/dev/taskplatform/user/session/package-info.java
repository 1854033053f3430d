/** Signing in. */
package dev.taskplatform.user.session;
