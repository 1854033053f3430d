// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.token;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A successful access token response (RFC 6749, section 5.1).
 *
 * @param accessToken the JWT
 * @param tokenType always {@code Bearer}
 * @param expiresIn seconds
 */
public record IssuedToken(
        @JsonProperty("access_token") String accessToken,
        @JsonProperty("token_type") String tokenType,
        @JsonProperty("expires_in") long expiresIn) {
    /** Leaves the token out, so that it gets into no log. */
    @Override
    public String toString() {
        return "IssuedToken[expiresIn=" + expiresIn + "]";
    }
}
