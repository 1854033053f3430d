// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
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
import java.util.regex.Pattern;

/** Checks access tokens: ES256, {@code typ} at+jwt, exact issuer, our audience, not expired (RFC 9068, section 4). */
public final class AccessTokenVerifier {
    private static final String NOT_VALID = "The access token is not valid";
    private static final Duration KEYS_RETRY = Duration.ofSeconds(5);
    /** What two machines' clocks may differ by. */
    private static final int CLOCK_SKEW_SECONDS = 30;
    /** RFC 7515, sections 2 and 3.1: without padding. The decoder also reads what is no base64url. */
    private static final Pattern COMPACT = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

    private final JWKSource<SecurityContext> keys;
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    /**
     * @param keys the issuer's public keys
     * @param issuer exact {@code iss}
     * @param audience must be among {@code aud}
     * @param clock tells what has expired
     */
    public AccessTokenVerifier(JWKSource<SecurityContext> keys, String issuer, String audience, Clock clock) {
        this.keys = keys;
        // Either way to write it is right (RFC 9068, section 4).
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(
                new JOSEObjectType(AccessToken.TYPE), new JOSEObjectType("application/" + AccessToken.TYPE)));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.ES256, keys));
        processor.setJWTClaimsSetVerifier(new ClaimsVerifier(issuer, audience, clock));
    }

    /**
     * @param token compact serialisation
     * @throws InvalidTokenException whatever is wrong with the token
     * @throws ProblemException 503 if the issuer's keys cannot be had
     */
    public AccessToken verify(String token) throws InvalidTokenException {
        if (!COMPACT.matcher(token).matches()) {
            throw new InvalidTokenException(NOT_VALID, null);
        }
        try {
            return accessToken(processor.process(token, null));
        } catch (ExpiredJWTException e) {
            throw new InvalidTokenException("The access token has expired", e);
        } catch (RateLimitReachedException e) {
            // The issuer was asked only just now. If it gave its keys then, this token names none of them.
            if (hasKeys()) {
                throw new InvalidTokenException(NOT_VALID, e);
            }
            throw unavailable(e);
        } catch (KeySourceException e) {
            throw unavailable(e);
        } catch (ParseException | BadJOSEException | JOSEException | IllegalArgumentException e) {
            throw new InvalidTokenException(NOT_VALID, e);
        }
    }

    private boolean hasKeys() {
        try {
            return !keys.get(new JWKSelector(new JWKMatcher.Builder().build()), null)
                    .isEmpty();
        } catch (KeySourceException e) {
            return false;
        }
    }

    private static ProblemException unavailable(KeySourceException cause) {
        return ProblemException.unavailable(
                "The keys that access tokens are checked with cannot be had. Try again later.", KEYS_RETRY, cause);
    }

    private static AccessToken accessToken(JWTClaimsSet claims) throws ParseException {
        String clientId = claims.getStringClaim("client_id");
        // Its own token names the client as its subject (RFC 9068, section 2.2).
        boolean persons = !claims.getSubject().equals(clientId);
        String username = claims.getStringClaim("username");
        if (persons && username == null) {
            throw new ParseException("A person's token names the person", 0);
        }
        String sessionId = claims.getStringClaim("sid");
        String scope = claims.getStringClaim("scope");
        List<String> roles = claims.getStringListClaim("roles");
        return new AccessToken(
                persons ? UUID.fromString(claims.getSubject()) : null,
                persons ? username : null,
                clientId,
                sessionId == null ? null : UUID.fromString(sessionId),
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
                    new HashSet<>(List.of("sub", "exp", "iat", "jti", "client_id")));
            this.clock = clock;
            setMaxClockSkew(CLOCK_SKEW_SECONDS);
        }

        @Override
        protected Date currentTime() {
            return Date.from(clock.instant());
        }
    }
}
