/** Giving tokens back (RFC 7009). */
package dev.taskplatform.user.oauth.revocation;
