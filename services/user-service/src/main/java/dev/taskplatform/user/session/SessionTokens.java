// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.session;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.taskplatform.user.token.IssuedToken;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What a program gets: a successful access token response (RFC 6749, section 5.1) and what it lacks.
 *
 * @param accessToken the JWT
 * @param tokenType always {@code Bearer}
 * @param expiresIn seconds
 * @param refreshToken works once; the next one comes with the answer
 * @param refreshExpiresIn seconds until the session ends unless the refresh token is used; at most what is left of it
 * @param sessionId {@code sid} of the access token
 * @param scope of the access token, words parted by spaces
 */
public record SessionTokens(
        @JsonProperty("access_token") String accessToken,
        @JsonProperty("token_type") String tokenType,
        @JsonProperty("expires_in") long expiresIn,
        @JsonProperty("refresh_token") String refreshToken,
        @JsonProperty("refresh_expires_in") long refreshExpiresIn,
        @JsonProperty("session_id") UUID sessionId,
        String scope) {
    static SessionTokens of(
            IssuedToken access, String refreshToken, Duration refreshLifetime, UUID sessionId, Set<String> scope) {
        return new SessionTokens(
                access.accessToken(),
                access.tokenType(),
                access.expiresIn(),
                refreshToken,
                Math.max(0, refreshLifetime.toSeconds()),
                sessionId,
                scope.stream().sorted().collect(Collectors.joining(" ")));
    }

    /** Leaves the tokens out, so that they get into no log. */
    @Override
    public String toString() {
        return "SessionTokens[sessionId=" + sessionId + "]";
    }
}
