// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.auth;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * A verified access token: a person's, or the own one of a client that acts for nobody.
 *
 * @param userId {@code sub}: whom the request is made for; null if {@code sub} is the client itself
 * @param username their name when the token was made; null with {@code userId}
 * @param clientId {@code client_id}: the program that the token was issued to
 * @param sessionId {@code sid}: the sign-in that the token comes from; null if it comes from none
 * @param roles {@code roles}, may be empty
 * @param scopes the words of {@code scope}, may be empty
 * @param id {@code jti}
 * @param expiresAt {@code exp}
 */
public record AccessToken(
        UUID userId,
        String username,
        String clientId,
        UUID sessionId,
        Set<String> roles,
        Set<String> scopes,
        String id,
        Instant expiresAt) {
    /** JOSE header {@code typ} (RFC 9068, section 2.1); tells it from an ID token. */
    public static final String TYPE = "at+jwt";

    /** Among {@code roles}: may administer the platform. */
    public static final String ADMIN_ROLE = "admin";

    /** Among {@code scopes}: may manage the person's account, which is for the platform's own programs. */
    public static final String ACCOUNT_SCOPE = "account";

    /** Whether a person is behind the request. */
    public boolean isPersons() {
        return userId != null;
    }
}
