/** The second factor: time-based codes of an authenticator (RFC 6238), and recovery codes for when it is lost. */
package dev.taskplatform.user.factor;
