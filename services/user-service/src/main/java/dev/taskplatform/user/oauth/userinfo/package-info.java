/** The person behind an access token (OpenID Connect Core, section 5.3). */
package dev.taskplatform.user.oauth.userinfo;
