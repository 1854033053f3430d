// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.grant;

import dev.taskplatform.user.oauth.client.Client;
import dev.taskplatform.user.oauth.client.GrantType;
import dev.taskplatform.user.oauth.protocol.OAuthError;
import dev.taskplatform.user.oauth.protocol.OAuthException;
import dev.taskplatform.user.oauth.protocol.Parameters;
import dev.taskplatform.user.token.TokenIssuer;
import java.util.function.Function;

/** A token of a Kubernetes ServiceAccount (RFC 7523, section 2.1), which says who asks, too. */
public final class JwtBearerGrant implements Grant {
    private final Function<String, Client> assertions;
    private final TokenIssuer tokens;

    /** @param assertions the client that an assertion proves; throws {@link OAuthException} if none */
    public JwtBearerGrant(Function<String, Client> assertions, TokenIssuer tokens) {
        this.assertions = assertions;
        this.tokens = tokens;
    }

    @Override
    public GrantType type() {
        return GrantType.JWT_BEARER;
    }

    @Override
    public TokenAnswer exchange(TokenRequest request) {
        Client proven = assertions.apply(request.form().required("assertion", Parameters.MAX_TOKEN_LENGTH));
        if (!proven.id().equals(request.client().id())) {
            throw new OAuthException(OAuthError.INVALID_GRANT, "The assertion is another client's");
        }
        return OwnTokens.issue(tokens, request);
    }
}
