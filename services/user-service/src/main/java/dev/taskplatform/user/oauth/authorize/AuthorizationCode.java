// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.authorize;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What an authorization code stands for.
 *
 * @param hash of the code
 * @param clientId that it was made for
 * @param userId who granted it
 * @param redirectUri that it was sent to
 * @param scope that was granted
 * @param nonce for the ID token
 * @param codeChallenge of PKCE
 * @param methods how the person proved who they are, as in {@code amr}
 * @param authenticatedAt when they did, to the microsecond
 * @param expiresAt to the microsecond
 * @param browserSessionId of the browser that it was granted in; once that has ended nobody gets anything for the code
 * @param sessionId of the tokens that it was exchanged for; empty until it is
 */
public record AuthorizationCode(
        byte[] hash,
        String clientId,
        UUID userId,
        String redirectUri,
        Set<String> scope,
        Optional<String> nonce,
        String codeChallenge,
        Set<String> methods,
        Instant authenticatedAt,
        Instant expiresAt,
        UUID browserSessionId,
        Optional<UUID> sessionId) {}
