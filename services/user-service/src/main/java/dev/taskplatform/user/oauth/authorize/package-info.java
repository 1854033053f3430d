/** The authorization endpoint (RFC 6749 section 4.1, OpenID Connect Core section 3.1.2) with its pages, and its codes. */
package dev.taskplatform.user.oauth.authorize;
