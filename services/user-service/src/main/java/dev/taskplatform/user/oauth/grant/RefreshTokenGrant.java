// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.grant;

import dev.taskplatform.user.oauth.claims.IdTokens;
import dev.taskplatform.user.oauth.client.GrantType;
import dev.taskplatform.user.oauth.protocol.OAuthError;
import dev.taskplatform.user.oauth.protocol.OAuthException;
import dev.taskplatform.user.oauth.protocol.Scope;
import dev.taskplatform.user.session.IssuedSession;
import dev.taskplatform.user.session.RefreshRefusedException;
import dev.taskplatform.user.session.Sessions;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** A refresh token (RFC 6749, section 6), also of the platform's own client. */
public final class RefreshTokenGrant implements Grant {
    private static final int MAX_LENGTH = 512;

    private final Sessions sessions;
    private final IdTokens idTokens;

    /** Collaborators. */
    public RefreshTokenGrant(Sessions sessions, IdTokens idTokens) {
        this.sessions = sessions;
        this.idTokens = idTokens;
    }

    @Override
    public GrantType type() {
        return GrantType.REFRESH_TOKEN;
    }

    @Override
    public TokenAnswer exchange(TokenRequest request) {
        String token = request.form().required("refresh_token", MAX_LENGTH);
        try {
            IssuedSession issued =
                    sessions.refresh(token, request.client().id(), request.actor(), scope(request, token));
            Set<String> scope = Scope.stored(issued.tokens().scope());
            Optional<String> idToken = scope.contains(Scope.OPENID)
                    ? Optional.of(idTokens.issue(request.client().idTokenAlgorithm(), issued, scope, Optional.empty()))
                    : Optional.empty();
            return TokenAnswer.of(issued.tokens(), true, idToken);
        } catch (RefreshRefusedException e) {
            throw new OAuthException(
                    switch (e.reason()) {
                        case INVALID_TOKEN -> OAuthError.INVALID_GRANT;
                        case INVALID_SCOPE -> OAuthError.INVALID_SCOPE;
                    },
                    e.getMessage());
        }
    }

    /**
     * As requested; or the session's, without what an administrator has taken from the client since it began.
     *
     * @throws OAuthException invalid_scope if more is requested than the client may have
     */
    private Optional<Set<String>> scope(TokenRequest request, String token) {
        Set<String> allowed = request.client().scopes();
        Optional<Set<String>> requested = request.scope();
        if (requested.filter(scope -> !allowed.containsAll(scope)).isPresent()) {
            throw new OAuthException(OAuthError.INVALID_SCOPE, "The scope is more than the client may have");
        }
        return requested.or(() -> sessions.findByRefreshToken(token).map(session -> {
            Set<String> left = new LinkedHashSet<>(session.scope());
            left.retainAll(allowed);
            return left;
        }));
    }
}
