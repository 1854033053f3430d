/** What all of OAuth 2.0 speaks: parameters, errors, scopes, secrets. */
package dev.taskplatform.user.oauth.protocol;
