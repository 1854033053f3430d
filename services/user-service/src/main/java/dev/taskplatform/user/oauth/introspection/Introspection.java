// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.introspection;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.AccessTokenVerifier;
import dev.taskplatform.kit.auth.InvalidTokenException;
import dev.taskplatform.user.oauth.client.Client;
import dev.taskplatform.user.oauth.protocol.Scope;
import dev.taskplatform.user.session.Session;
import dev.taskplatform.user.session.Sessions;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What tokens are. A client learns of its own; one with the scope {@value Scope#INTROSPECT} of all. Of every other, and
 * of whatever is no token or not one any more, the same is said: that it is not active.
 */
public final class Introspection {
    private static final Map<String, Object> INACTIVE = Map.of("active", false);

    private final AccessTokenVerifier verifier;
    private final Predicate<AccessToken> live;
    private final Sessions sessions;
    private final String issuer;

    /**
     * @param verifier checks access tokens
     * @param live whether the session of an access token goes on
     * @param issuer of the tokens
     */
    public Introspection(AccessTokenVerifier verifier, Predicate<AccessToken> live, Sessions sessions, String issuer) {
        this.verifier = verifier;
        this.live = live;
        this.sessions = sessions;
        this.issuer = issuer;
    }

    /** The members of the answer, by name. */
    Map<String, Object> of(String token, Client caller) {
        return ofAccessToken(token, caller)
                .or(() -> ofRefreshToken(token, caller))
                .orElse(INACTIVE);
    }

    private Optional<Map<String, Object>> ofAccessToken(String token, Client caller) {
        try {
            AccessToken valid = verifier.verify(token);
            if (!mayKnow(caller, valid.clientId()) || !live.test(valid)) {
                return Optional.empty();
            }
            JWTClaimsSet claims = SignedJWT.parse(token).getJWTClaimsSet();
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("active", true);
            answer.put("token_type", "Bearer");
            answer.put("scope", Scope.text(new TreeSet<>(valid.scopes())));
            answer.put("client_id", valid.clientId());
            if (valid.isPersons()) {
                answer.put("username", valid.username());
                answer.put("sid", valid.sessionId().toString());
                answer.put("roles", new TreeSet<>(valid.roles()));
            }
            answer.put("sub", claims.getSubject());
            answer.put("aud", claims.getAudience());
            answer.put("iss", claims.getIssuer());
            answer.put("jti", valid.id());
            answer.put("iat", claims.getIssueTime().toInstant().getEpochSecond());
            answer.put("exp", valid.expiresAt().getEpochSecond());
            return Optional.of(answer);
        } catch (InvalidTokenException | ParseException e) {
            // It may be a refresh token.
            return Optional.empty();
        }
    }

    private Optional<Map<String, Object>> ofRefreshToken(String token, Client caller) {
        return sessions.findByRefreshToken(token)
                .filter(session -> mayKnow(caller, session.clientId()) && sessions.isCurrent(token, session))
                .map(this::refreshToken);
    }

    private Map<String, Object> refreshToken(Session session) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("active", true);
        answer.put("scope", Scope.text(new TreeSet<>(session.scope())));
        answer.put("client_id", session.clientId());
        answer.put("sub", session.userId().toString());
        answer.put("sid", session.id().toString());
        answer.put("iss", issuer);
        answer.put("iat", session.createdAt().getEpochSecond());
        answer.put("exp", sessions.endOf(session).getEpochSecond());
        return answer;
    }

    private static boolean mayKnow(Client caller, String clientId) {
        return caller.id().equals(clientId) || caller.scopes().contains(Scope.INTROSPECT);
    }
}
