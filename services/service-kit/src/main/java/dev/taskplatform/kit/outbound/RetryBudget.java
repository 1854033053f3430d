// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.outbound;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many retries there may be: a bucket of tokens that every call fills a little and every retry takes one of. So retries
 * help against single failures, and add only their share to the load of a peer that fails all the time.
 */
final class RetryBudget {
    /** What a client that was quiet may spend at once; it starts with it. */
    static final int BURST = 10;

    private static final long TOKEN = 1_000;
    private static final long FULL = BURST * TOKEN;

    private final long share;
    private final AtomicLong balance;

    /** @param ratio retries for each call; with 0 there are none */
    RetryBudget(double ratio) {
        this.share = Math.round(ratio * TOKEN);
        this.balance = new AtomicLong(share == 0 ? 0 : FULL);
    }

    /** Adds a call's share. */
    void earn() {
        balance.updateAndGet(tokens -> Math.min(FULL, tokens + share));
    }

    /** @return whether there may be one more retry, which is then taken from the bucket */
    boolean spend() {
        return balance.getAndUpdate(tokens -> tokens >= TOKEN ? tokens - TOKEN : tokens) >= TOKEN;
    }
}
