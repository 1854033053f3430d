// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.auth;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;

/** The issuer's public keys, fetched over HTTP and kept. */
public final class RemoteKeys {
    private static final Duration TIME_TO_LIVE = Duration.ofMinutes(5);
    private static final Duration REFRESH_AHEAD = Duration.ofSeconds(30);
    /**
     * Tokens with made-up key ids must not each become a request to the issuer. This is also how long it can take to
     * notice that an issuer which was away at our start is there.
     */
    private static final Duration MIN_INTERVAL = Duration.ofSeconds(5);
    /** Longer than any outage that one sleeps through, so that requests go on without the issuer. */
    private static final Duration OUTAGE = Duration.ofHours(12);

    private static final int MAX_BYTES = 64 * 1024;

    private RemoteKeys() {}

    /**
     * @param jwks address of the JWK Set
     * @param timeout for connecting and for reading, each
     * @return a source that refreshes itself ahead of need and outlives outages of the issuer
     * @throws IllegalArgumentException if the address is no http(s) URL
     */
    public static JWKSource<SecurityContext> create(URI jwks, Duration timeout) {
        return create(jwks, timeout, MIN_INTERVAL);
    }

    static JWKSource<SecurityContext> create(URI jwks, Duration timeout, Duration minInterval) {
        int millis = Math.toIntExact(timeout.toMillis());
        try {
            return JWKSourceBuilder.create(jwks.toURL(), new DefaultResourceRetriever(millis, millis, MAX_BYTES))
                    .cache(TIME_TO_LIVE.toMillis(), timeout.plus(timeout).toMillis())
                    .refreshAheadCache(REFRESH_AHEAD.toMillis(), true)
                    .rateLimited(minInterval.toMillis())
                    .retrying(true)
                    .outageTolerant(OUTAGE.toMillis())
                    .build();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("Not the URL of a JWK Set: " + jwks, e);
        }
    }
}
