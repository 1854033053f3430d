/** What clients are told of persons (OpenID Connect Core, sections 2 and 5). */
package dev.taskplatform.user.oauth.claims;
