// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.grant;

import dev.taskplatform.user.oauth.authorize.AuthorizationCodes;
import dev.taskplatform.user.oauth.claims.IdTokens;
import dev.taskplatform.user.oauth.client.GrantType;
import dev.taskplatform.user.oauth.protocol.Scope;
import dev.taskplatform.user.session.IssuedSession;
import java.util.Optional;
import java.util.Set;

/** A code of the authorization endpoint (RFC 6749, section 4.1.3). */
public final class AuthorizationCodeGrant implements Grant {
    private final AuthorizationCodes codes;
    private final IdTokens idTokens;

    /** Collaborators. */
    public AuthorizationCodeGrant(AuthorizationCodes codes, IdTokens idTokens) {
        this.codes = codes;
        this.idTokens = idTokens;
    }

    @Override
    public GrantType type() {
        return GrantType.AUTHORIZATION_CODE;
    }

    @Override
    public TokenAnswer exchange(TokenRequest request) {
        AuthorizationCodes.Redeemed redeemed = codes.redeem(
                request.client(),
                request.form().required("code"),
                request.form().required("redirect_uri"),
                request.form().required("code_verifier"),
                request.actor(),
                request.userAgent());
        IssuedSession issued = redeemed.session();
        Set<String> scope = issued.session().scope();
        Optional<String> idToken = scope.contains(Scope.OPENID)
                ? Optional.of(idTokens.issue(request.client().idTokenAlgorithm(), issued, scope, redeemed.nonce()))
                : Optional.empty();
        return TokenAnswer.of(issued.tokens(), scope.contains(Scope.OFFLINE_ACCESS), idToken);
    }
}
