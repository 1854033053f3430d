// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.grant;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.taskplatform.user.session.SessionTokens;
import dev.taskplatform.user.token.IssuedToken;
import java.util.Optional;
import java.util.UUID;

/**
 * A successful answer (RFC 6749, section 5.1; OpenID Connect Core, section 3.1.3.3). Null is left out.
 *
 * @param accessToken the JWT
 * @param tokenType always {@code Bearer}
 * @param expiresIn seconds
 * @param refreshToken works once
 * @param refreshExpiresIn seconds until the refresh token ends unless it is used
 * @param idToken who signed in
 * @param sessionId {@code sid} of the access token
 * @param scope of the access token, words parted by spaces
 */
public record TokenAnswer(
        @JsonProperty("access_token") String accessToken,
        @JsonProperty("token_type") String tokenType,
        @JsonProperty("expires_in") long expiresIn,
        @JsonProperty("refresh_token") String refreshToken,
        @JsonProperty("refresh_expires_in") Long refreshExpiresIn,
        @JsonProperty("id_token") String idToken,
        @JsonProperty("session_id") UUID sessionId,
        String scope) {

    /**
     * The tokens of a session.
     *
     * @param refreshable whether the client gets the refresh token
     */
    static TokenAnswer of(SessionTokens tokens, boolean refreshable, Optional<String> idToken) {
        return new TokenAnswer(
                tokens.accessToken(),
                tokens.tokenType(),
                tokens.expiresIn(),
                refreshable ? tokens.refreshToken() : null,
                refreshable ? tokens.refreshExpiresIn() : null,
                idToken.orElse(null),
                tokens.sessionId(),
                tokens.scope());
    }

    /** A client's own token. */
    static TokenAnswer of(IssuedToken token, String scope) {
        return new TokenAnswer(
                token.accessToken(), token.tokenType(), token.expiresIn(), null, null, null, null, scope);
    }

    /** Leaves the tokens out, so that they get into no log. */
    @Override
    public String toString() {
        return "TokenAnswer[" + scope + "]";
    }
}
