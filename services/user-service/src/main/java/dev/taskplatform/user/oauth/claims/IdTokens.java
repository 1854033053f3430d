// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.claims;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.taskplatform.user.account.Account;
import dev.taskplatform.user.key.SigningKeys;
import dev.taskplatform.user.oauth.client.IdTokenAlgorithm;
import dev.taskplatform.user.oauth.protocol.Secrets;
import dev.taskplatform.user.session.IssuedSession;
import dev.taskplatform.user.session.Session;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Signs ID tokens. Their {@code typ} is JWT and their {@code aud} the client, so that nobody who checks access tokens
 * takes them for one.
 */
public final class IdTokens {
    private final SigningKeys keys;
    private final String issuer;
    private final Supplier<Duration> lifetime;
    private final Clock clock;

    /**
     * @param issuer {@code iss}
     * @param lifetime from {@code iat} to {@code exp}; may change at any time
     */
    public IdTokens(SigningKeys keys, String issuer, Supplier<Duration> lifetime, Clock clock) {
        this.keys = keys;
        this.issuer = issuer;
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /**
     * An ID token that goes with an access token.
     *
     * @param algorithm what the client wants; it is another where {@link SigningKeys#forIdTokens} says
     * @param scope of the access token
     * @param nonce of the authorization request; empty at a refresh
     */
    public String issue(IdTokenAlgorithm algorithm, IssuedSession issued, Set<String> scope, Optional<String> nonce) {
        Account account = issued.account();
        Session session = issued.session();
        JWK key = keys.forIdTokens(algorithm.jws());
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder();
        for (Map.Entry<String, Object> claim : PersonClaims.of(account, scope).entrySet()) {
            claims.claim(claim.getKey(), claim.getValue());
        }
        nonce.ifPresent(value -> claims.claim("nonce", value));
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.parse(key.getAlgorithm().getName()))
                        .type(JOSEObjectType.JWT)
                        .keyID(key.getKeyID())
                        .build(),
                claims.issuer(issuer)
                        .audience(session.clientId())
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plus(lifetime.get())))
                        .claim("auth_time", session.authenticatedAt().getEpochSecond())
                        .claim("amr", session.methods().stream().sorted().toList())
                        .claim("sid", session.id().toString())
                        .claim("at_hash", hash(issued.tokens().accessToken()))
                        .build());
        try {
            token.sign(signer(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("The signing key does not sign", e);
        }
        return token.serialize();
    }

    private static JWSSigner signer(JWK key) throws JOSEException {
        return key instanceof RSAKey rsa ? new RSASSASigner(rsa) : new ECDSASigner(key.toECKey());
    }

    /** The left half of the access token's SHA-256 (OpenID Connect Core, section 3.1.3.6), the digest of both algorithms. */
    private static String hash(String accessToken) {
        byte[] digest = Secrets.hash(accessToken);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, digest.length / 2));
    }
}
