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
import dev.taskplatform.user.key.SigningKeys;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;

/** Signs access tokens. */
public final class TokenIssuer {
    /** The only client there is: the platform's own sign-in. */
    private static final String CLIENT_ID = "taskplatform";

    private static final String SCOPE = "tasks";
    private static final List<String> ROLES = List.of("user");

    private final SigningKeys keys;
    private final TokenSettings settings;
    private final UuidGenerator ids;
    private final Clock clock;

    /** Collaborators. */
    public TokenIssuer(SigningKeys keys, TokenSettings settings, UuidGenerator ids, Clock clock) {
        this.keys = keys;
        this.settings = settings;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * A token for a person who has just proved who they are.
     *
     * @throws dev.taskplatform.kit.database.DatabaseUnavailableException if the key is not known yet and the database is
     *     away
     */
    public IssuedToken issue(Account account) {
        ECKey key = keys.current();
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(new JOSEObjectType(AccessToken.TYPE))
                .keyID(key.getKeyID())
                .build();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(settings.issuer())
                .subject(account.id().toString())
                .audience(settings.audience())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(settings.lifetime())))
                .jwtID(ids.next().toString())
                .claim("client_id", CLIENT_ID)
                .claim("scope", SCOPE)
                .claim("roles", ROLES)
                .claim("username", account.username().value())
                .build();
        SignedJWT token = new SignedJWT(header, claims);
        try {
            token.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("The signing key does not sign", e);
        }
        return new IssuedToken(token.serialize(), "Bearer", settings.lifetime().toSeconds());
    }
}
