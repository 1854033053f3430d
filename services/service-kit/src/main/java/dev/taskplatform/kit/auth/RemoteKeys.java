// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.auth;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSetBasedJWKSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The issuer's public keys, fetched over HTTP and kept. They are fetched from the start on, again and again until the
 * issuer has given them once; from then on they refresh themselves ahead of need and outlive outages of the issuer.
 */
public final class RemoteKeys implements JWKSource<SecurityContext>, AutoCloseable {
    private static final Logger LOGGER = System.getLogger(RemoteKeys.class.getName());

    private static final Duration TIME_TO_LIVE = Duration.ofMinutes(5);
    private static final Duration REFRESH_AHEAD = Duration.ofSeconds(30);
    /** Tokens with made-up key ids must not each become a request to the issuer. */
    private static final Duration MIN_INTERVAL = Duration.ofSeconds(1);
    /** Longer than any outage that one sleeps through, so that requests go on without the issuer. */
    private static final Duration OUTAGE = Duration.ofHours(12);

    private static final Duration FIRST_RETRY = Duration.ofMillis(250);
    private static final Duration LAST_RETRY = Duration.ofSeconds(2);
    private static final JWKSelector ALL = new JWKSelector(new JWKMatcher.Builder().build());
    private static final int MAX_BYTES = 64 * 1024;

    private final URI jwks;
    private final Duration timeout;
    private final JWKSetBasedJWKSource<SecurityContext> source;
    private final CountDownLatch had = new CountDownLatch(1);
    private final Thread start = Thread.ofVirtual().name("first-token-keys").unstarted(this::fetchUntilHad);

    private RemoteKeys(URI jwks, Duration timeout, JWKSetBasedJWKSource<SecurityContext> source) {
        this.jwks = jwks;
        this.timeout = timeout;
        this.source = source;
    }

    /**
     * Begins to fetch, and returns at once.
     *
     * @param jwks address of the JWK Set
     * @param timeout for connecting and for reading, each, and for a caller's wait while there are no keys yet
     * @throws IllegalArgumentException if the address is no http(s) URL
     */
    public static RemoteKeys open(URI jwks, Duration timeout) {
        int millis = Math.toIntExact(timeout.toMillis());
        try {
            JWKSource<SecurityContext> source = JWKSourceBuilder.create(
                            jwks.toURL(), new DefaultResourceRetriever(millis, millis, MAX_BYTES))
                    .cache(TIME_TO_LIVE.toMillis(), timeout.plus(timeout).toMillis())
                    .refreshAheadCache(REFRESH_AHEAD.toMillis(), true)
                    .rateLimited(MIN_INTERVAL.toMillis())
                    .retrying(true)
                    .outageTolerant(OUTAGE.toMillis())
                    .build();
            RemoteKeys keys = new RemoteKeys(jwks, timeout, (JWKSetBasedJWKSource<SecurityContext>) source);
            keys.start.start();
            return keys;
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("Not the URL of a JWK Set: " + jwks, e);
        }
    }

    /** Whether the issuer has ever given its keys; never false again once true. */
    public boolean hadKeys() {
        return had.getCount() == 0;
    }

    /**
     * The keys that match. While the issuer has never given any, waits for it, at most as long as the timeout.
     *
     * @throws KeySourceException if they cannot be had
     */
    @Override
    public List<JWK> get(JWKSelector selector, SecurityContext context) throws KeySourceException {
        awaitFirst();
        return source.get(selector, context);
    }

    /** Ends the fetches in the background. */
    @Override
    public void close() throws IOException {
        start.interrupt();
        source.close();
    }

    /** Only the background asks before there are keys: callers would use up what the rate limit leaves it. */
    private void awaitFirst() throws KeySourceException {
        try {
            if (had.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new JWKSetUnavailableException("No keys have been had from " + jwks + " yet");
    }

    private void fetchUntilHad() {
        Duration longest = FIRST_RETRY;
        boolean told = false;
        try {
            while (!fetched(told)) {
                told = true;
                // Jittered, so that replicas that start together do not go on asking together.
                long millis = longest.toMillis();
                Thread.sleep(ThreadLocalRandom.current().nextLong(millis / 2, millis));
                longest = longest.multipliedBy(2).compareTo(LAST_RETRY) < 0 ? longest.multipliedBy(2) : LAST_RETRY;
            }
            had.countDown();
            LOGGER.log(told ? Level.INFO : Level.DEBUG, () -> "Has the keys of access tokens from " + jwks);
        } catch (InterruptedException e) {
            LOGGER.log(Level.DEBUG, "Closed before there were keys", e);
        }
    }

    private boolean fetched(boolean told) throws InterruptedException {
        String reason = "it has published none";
        try {
            if (!source.get(ALL, null).isEmpty()) {
                return true;
            }
        } catch (KeySourceException e) {
            reason = e.getMessage();
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        LOGGER.log(
                told ? Level.DEBUG : Level.WARNING,
                "No keys of access tokens from {0} yet: {1}; this service is not ready until it has them",
                jwks,
                reason);
        return false;
    }
}
