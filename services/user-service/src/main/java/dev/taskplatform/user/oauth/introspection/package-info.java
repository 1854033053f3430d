/** Telling clients of tokens (RFC 7662). */
package dev.taskplatform.user.oauth.introspection;
