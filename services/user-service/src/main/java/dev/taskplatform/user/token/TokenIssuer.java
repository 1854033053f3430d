// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.id.UuidGenerator;
import dev.taskplatform.user.account.Account;
import dev.taskplatform.user.account.Role;
import dev.taskplatform.user.key.SigningKeys;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Signs access tokens. */
public final class TokenIssuer {
    /** Client id of the platform's own sign-in, which no other client can have. */
    public static final String OWN_CLIENT = "taskplatform";

    /** What the platform's own programs may do. */
    public static final Set<String> OWN_SCOPE = Set.of(AccessToken.ACCOUNT_SCOPE, "tasks");

    private final SigningKeys keys;
    private final TokenParties parties;
    private final Supplier<TokenSettings> settings;
    private final UuidGenerator ids;
    private final Clock clock;

    /** Collaborators. */
    public TokenIssuer(
            SigningKeys keys, TokenParties parties, Supplier<TokenSettings> settings, UuidGenerator ids, Clock clock) {
        this.keys = keys;
        this.parties = parties;
        this.settings = settings;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * A token for a person.
     *
     * @throws dev.taskplatform.kit.database.DatabaseUnavailableException if the key is not known yet and the database is
     *     away
     */
    public IssuedToken issue(TokenGrant grant) {
        Account account = grant.account();
        return sign(
                grant.clientId(),
                grant.scope(),
                new JWTClaimsSet.Builder()
                        .subject(account.id().toString())
                        .claim(
                                "roles",
                                account.roles().stream()
                                        .map(Role::text)
                                        .sorted()
                                        .toList())
                        .claim("username", account.username().value())
                        .claim("sid", grant.sessionId().toString())
                        .claim("auth_time", grant.authTime().getEpochSecond()));
    }

    /** A token for a client that acts for nobody (RFC 6749, section 4.4); throws as {@link #issue} does. */
    public IssuedToken issueToClient(String clientId, Set<String> scope) {
        return sign(clientId, scope, new JWTClaimsSet.Builder().subject(clientId));
    }

    private IssuedToken sign(String clientId, Set<String> scope, JWTClaimsSet.Builder claims) {
        ECKey key = keys.current();
        Duration lifetime = settings.get().accessLifetime();
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(new JOSEObjectType(AccessToken.TYPE))
                .keyID(key.getKeyID())
                .build();
        SignedJWT token = new SignedJWT(
                header,
                claims.issuer(parties.issuer())
                        .audience(parties.audience())
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plus(lifetime)))
                        .jwtID(ids.next().toString())
                        .claim("client_id", clientId)
                        .claim("scope", scope.stream().sorted().collect(Collectors.joining(" ")))
                        .build());
        try {
            token.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("The signing key does not sign", e);
        }
        return new IssuedToken(token.serialize(), "Bearer", lifetime.toSeconds());
    }
}
