/** The token endpoint (RFC 6749, section 3.2), a class for each grant. */
package dev.taskplatform.user.oauth.grant;
