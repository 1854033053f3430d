/** What the endpoints share: forms, client authentication, errors as RFC 6749 has them. */
package dev.taskplatform.user.oauth.http;
