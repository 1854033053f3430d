// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.auth;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * A verified access token.
 *
 * @param userId {@code sub}: whom the request is made for
 * @param username their name when the token was made
 * @param roles {@code roles}, may be empty
 * @param scopes the words of {@code scope}, may be empty
 * @param id {@code jti}
 * @param expiresAt {@code exp}
 */
public record AccessToken(
        UUID userId, String username, Set<String> roles, Set<String> scopes, String id, Instant expiresAt) {
    /** JOSE header {@code typ} (RFC 9068, section 2.1); tells it from an ID token. */
    public static final String TYPE = "at+jwt";
}
