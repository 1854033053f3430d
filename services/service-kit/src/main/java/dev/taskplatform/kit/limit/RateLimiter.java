// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.taskplatform.kit.http.ClientAddresses;
import dev.taskplatform.kit.problem.ProblemType;
import io.helidon.http.Header;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Limits requests by client address with a token bucket each: a burst at once, then so many a second. In memory and by
 * replica, as it only keeps one client from taking the others' share; what must hold over all replicas is kept in the
 * database.
 *
 * <p>Remembers so many addresses; beyond them the one that asked least forgets its debt, so that many addresses cost
 * bounded memory.
 */
public final class RateLimiter {
    private static final String POLICY = "address";
    private static final int MAX_ADDRESSES = 50_000;

    private final Supplier<RateSettings> settings;
    private final ClientAddresses addresses;
    private final LongSupplier nanoTime;
    private final Cache<String, Bucket> buckets;

    /**
     * @param settings may change at any time
     * @param addresses tells clients apart
     * @param nanoTime a clock that nobody sets, such as {@link System#nanoTime()}
     */
    public RateLimiter(Supplier<RateSettings> settings, ClientAddresses addresses, LongSupplier nanoTime) {
        this.settings = settings;
        this.addresses = addresses;
        this.nanoTime = nanoTime;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MAX_ADDRESSES)
                .expireAfterAccess(RateSettings.MAX_REST)
                .ticker(nanoTime::getAsLong)
                .build();
    }

    /**
     * A handler that answers 429 with {@code Retry-After} when the client has had its share. Every answer has the header
     * fields {@code RateLimit-Policy} and {@code RateLimit}.
     */
    public Handler limited(Handler handler) {
        return (request, response) -> {
            RateSettings current = settings.get();
            if (current.isLimited()) {
                spend(current, request, response);
            }
            handler.handle(request, response);
        };
    }

    private void spend(RateSettings current, ServerRequest request, ServerResponse response) {
        long now = nanoTime.getAsLong();
        String client = addresses.of(request).network();
        Balance balance =
                buckets.get(client, address -> new Bucket(current.burst(), now)).spend(current, now);
        Quota quota = new Quota(
                POLICY,
                current.burst(),
                current.window(),
                (long) balance.tokens(),
                current.timeFor(current.burst() - balance.tokens()));
        if (!balance.spent()) {
            throw quota.refusal(
                    ProblemType.TOO_MANY_REQUESTS,
                    "This address has sent more requests than one may. Wait as long as Retry-After says, and send them more slowly.",
                    current.timeFor(1 - balance.tokens()));
        }
        for (Header header : quota.headers()) {
            response.header(header);
        }
    }

    /** Tokens of one address. */
    private static final class Bucket {
        private double tokens;
        private long filledAt;

        Bucket(double tokens, long now) {
            this.tokens = tokens;
            this.filledAt = now;
        }

        synchronized Balance spend(RateSettings settings, long now) {
            double gained = Math.max(0, now - filledAt) * 1e-9 * settings.requestsPerSecond();
            tokens = Math.min(settings.burst(), tokens + gained);
            filledAt = now;
            boolean spent = tokens >= 1;
            if (spent) {
                tokens -= 1;
            }
            return new Balance(spent, tokens);
        }
    }

    /**
     * @param spent whether there was a whole token to spend
     * @param tokens what is left
     */
    private record Balance(boolean spent, double tokens) {}
}
