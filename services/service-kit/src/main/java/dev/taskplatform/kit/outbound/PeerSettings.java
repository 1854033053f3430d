// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.outbound;

import io.helidon.config.Config;
import java.net.URI;
import java.time.Duration;

/**
 * How to reach another service, and how much of its trouble to bear.
 *
 * @param name for logs and metrics
 * @param url base of its routes, with no slash at the end
 * @param timeout for a whole call: the connection, the answer, and the pauses and attempts after failures
 * @param attemptTimeout for each attempt of a request that may be repeated; others have the whole time for their only one
 * @param slowCall from when on an answer counts against the peer, though it is taken
 * @param retryBudget retries for each call, 0 to 1: what retries add at most to a peer's load
 * @param maxConnectionAge how long a connection is used, so that a peer's new replicas get their share
 * @param maxConcurrent calls at a time; more are refused
 */
public record PeerSettings(
        String name,
        URI url,
        Duration timeout,
        Duration attemptTimeout,
        Duration slowCall,
        double retryBudget,
        Duration maxConnectionAge,
        int maxConcurrent) {
    private static final Duration OLDEST = Duration.ofDays(1);

    /** @throws IllegalArgumentException naming the setting that is wrong */
    public PeerSettings {
        if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme()) || url.getHost() == null) {
            throw new IllegalArgumentException(
                    "%s.url: must be an http or https URL, but is '%s'".formatted(name, url));
        }
        positive(name, "timeout", timeout);
        positive(name, "attempt-timeout", attemptTimeout);
        positive(name, "slow-call", slowCall);
        positive(name, "max-connection-age", maxConnectionAge);
        if (maxConnectionAge.compareTo(OLDEST) > 0) {
            throw new IllegalArgumentException(
                    "%s.max-connection-age: must be at most %s, but is %s".formatted(name, OLDEST, maxConnectionAge));
        }
        // Also false for what is no number.
        if (!(retryBudget >= 0 && retryBudget <= 1)) {
            throw new IllegalArgumentException(
                    "%s.retry-budget: must be 0 to 1, but is %s".formatted(name, retryBudget));
        }
    }

    /**
     * The settings under a peer's key, which is its name.
     *
     * @throws IllegalArgumentException naming the setting that is wrong
     */
    public static PeerSettings from(Config config, int maxConcurrent) {
        return new PeerSettings(
                config.key().toString(),
                config.get("url").as(URI.class).get(),
                duration(config, "timeout"),
                duration(config, "attempt-timeout"),
                duration(config, "slow-call"),
                config.get("retry-budget").asDouble().get(),
                duration(config, "max-connection-age"),
                maxConcurrent);
    }

    /** The same for calls of another kind, which do not suffer from the others' trouble. */
    public PeerSettings forCalls(String otherName, int concurrent) {
        return new PeerSettings(
                otherName, url, timeout, attemptTimeout, slowCall, retryBudget, maxConnectionAge, concurrent);
    }

    private static Duration duration(Config config, String key) {
        return config.get(key).as(Duration.class).get();
    }

    private static void positive(String name, String key, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException("%s.%s: must be longer than 0, but is %s".formatted(name, key, value));
        }
    }
}
