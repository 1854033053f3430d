// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.grant;

import dev.taskplatform.user.oauth.client.GrantType;
import dev.taskplatform.user.token.TokenIssuer;

/** The client itself (RFC 6749, section 4.4), however it has proved who it is. */
public final class ClientCredentialsGrant implements Grant {
    private final TokenIssuer tokens;

    /** @param tokens signs */
    public ClientCredentialsGrant(TokenIssuer tokens) {
        this.tokens = tokens;
    }

    @Override
    public GrantType type() {
        return GrantType.CLIENT_CREDENTIALS;
    }

    @Override
    public TokenAnswer exchange(TokenRequest request) {
        return OwnTokens.issue(tokens, request);
    }
}
