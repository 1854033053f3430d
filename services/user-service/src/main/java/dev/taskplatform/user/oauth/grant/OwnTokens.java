// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.grant;

import dev.taskplatform.user.oauth.protocol.OAuthError;
import dev.taskplatform.user.oauth.protocol.OAuthException;
import dev.taskplatform.user.oauth.protocol.Scope;
import dev.taskplatform.user.token.TokenIssuer;
import java.util.Set;
import java.util.TreeSet;

/** Tokens of clients that act for nobody. */
final class OwnTokens {
    private OwnTokens() {}

    /** With the requested scope, or with all that the client may have in its own name. */
    static TokenAnswer issue(TokenIssuer tokens, TokenRequest request) {
        Set<String> allowed = new TreeSet<>(request.client().scopes());
        allowed.retainAll(Scope.OF_CLIENTS);
        Set<String> scope = new TreeSet<>(request.scope().orElse(allowed));
        if (!allowed.containsAll(scope)) {
            throw new OAuthException(OAuthError.INVALID_SCOPE, "The client may ask for: " + Scope.text(allowed));
        }
        return TokenAnswer.of(tokens.issueToClient(request.client().id(), scope), Scope.text(scope));
    }
}
