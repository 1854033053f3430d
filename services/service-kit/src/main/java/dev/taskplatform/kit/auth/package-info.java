/** Who calls: access tokens (RFC 9068) and the Bearer scheme (RFC 6750). */
package dev.taskplatform.kit.auth;
