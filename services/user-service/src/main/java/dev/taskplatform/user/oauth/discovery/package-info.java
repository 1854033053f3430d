/** What this server can do, for programs (RFC 8414, OpenID Connect Discovery). */
package dev.taskplatform.user.oauth.discovery;
