// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import dev.taskplatform.kit.problem.ProblemException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Checks access tokens: ES256, {@code typ} at+jwt, exact issuer, our audience, not expired (RFC 9068, section 4). */
public final class AccessTokenVerifier {
    private static final Duration KEYS_RETRY = Duration.ofSeconds(5);
    /** What two machines' clocks may differ by. */
    private static final int CLOCK_SKEW_SECONDS = 30;

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    /**
     * @param keys the issuer's public keys
     * @param issuer exact {@code iss}
     * @param audience must be among {@code aud}
     * @param clock tells what has expired
     */
    public AccessTokenVerifier(JWKSource<SecurityContext> keys, String issuer, String audience, Clock clock) {
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType(AccessToken.TYPE)));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.ES256, keys));
        processor.setJWTClaimsSetVerifier(new ClaimsVerifier(issuer, audience, clock));
    }

    /**
     * @param token compact serialisation
     * @throws InvalidTokenException whatever is wrong with the token
     * @throws ProblemException 503 if the issuer's keys cannot be had
     */
    public AccessToken verify(String token) throws InvalidTokenException {
        try {
            return accessToken(processor.process(token, null));
        } catch (ExpiredJWTException e) {
            throw new InvalidTokenException("The access token has expired", e);
        } catch (KeySourceException e) {
            throw ProblemException.unavailable(
                    "The keys that access tokens are checked with cannot be had. Try again later.", KEYS_RETRY, e);
        } catch (ParseException | BadJOSEException | JOSEException | IllegalArgumentException e) {
            throw new InvalidTokenException("The access token is not valid", e);
        }
    }

    private static AccessToken accessToken(JWTClaimsSet claims) throws ParseException {
        String scope = claims.getStringClaim("scope");
        List<String> roles = claims.getStringListClaim("roles");
        return new AccessToken(
                UUID.fromString(claims.getSubject()),
                claims.getStringClaim("username"),
                roles == null ? Set.of() : Set.copyOf(roles),
                scope == null || scope.isBlank()
                        ? Set.of()
                        : Set.of(scope.trim().split(" +")),
                claims.getJWTID(),
                claims.getExpirationTime().toInstant());
    }

    private static final class ClaimsVerifier extends DefaultJWTClaimsVerifier<SecurityContext> {
        private final Clock clock;

        ClaimsVerifier(String issuer, String audience, Clock clock) {
            super(
                    audience,
                    new JWTClaimsSet.Builder().issuer(issuer).build(),
                    new HashSet<>(List.of("sub", "exp", "iat", "jti", "username")));
            this.clock = clock;
            setMaxClockSkew(CLOCK_SKEW_SECONDS);
        }

        @Override
        protected Date currentTime() {
            return Date.from(clock.instant());
        }
    }
}
