// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.key;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import dev.taskplatform.kit.database.DatabaseUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** The keys that this service checks its own tokens with. Meeting one that it does not know, it looks for new ones. */
public final class OwnKeys implements JWKSource<SecurityContext> {
    /** Tokens with made-up key ids must not each become a query. */
    private static final Duration MIN_INTERVAL = Duration.ofSeconds(1);

    private final SigningKeys keys;
    private final LongSupplier nanoTime;
    private final AtomicLong lastLook;

    /** @param nanoTime as {@link System#nanoTime()} */
    public OwnKeys(SigningKeys keys, LongSupplier nanoTime) {
        this.keys = keys;
        this.nanoTime = nanoTime;
        this.lastLook = new AtomicLong(nanoTime.getAsLong() - MIN_INTERVAL.toNanos());
    }

    @Override
    public List<JWK> get(JWKSelector selector, SecurityContext context) throws KeySourceException {
        try {
            List<JWK> known = selector.select(keys.published());
            if (!known.isEmpty() || !mayLook()) {
                return known;
            }
            keys.refresh();
            return selector.select(keys.published());
        } catch (DatabaseUnavailableException e) {
            throw new JWKSetUnavailableException("The keys in the database cannot be read", e);
        }
    }

    private boolean mayLook() {
        long now = nanoTime.getAsLong();
        long last = lastLook.get();
        return now - last >= MIN_INTERVAL.toNanos() && lastLook.compareAndSet(last, now);
    }
}
