// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.outbound;

import java.time.Duration;
import java.util.Optional;

/** One attempt of a call came to nothing. */
final class FailedAttempt extends Exception {
    /** How it ended. */
    enum Reason {
        /** No answer in time. */
        TIMEOUT,
        /** No connection, a broken one, an answer that is none, or one of 500 and above. */
        FAILURE,
        /** Not tried: the circuit breaker is open. */
        BREAKER_OPEN
    }

    private final Reason reason;
    private final transient Optional<Duration> retryAfter;

    /**
     * @param message what the peer did, as in "answered with status 500"
     * @param retryAfter when a retry makes sense, if the peer said so
     */
    FailedAttempt(Reason reason, String message, Optional<Duration> retryAfter, Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    Reason reason() {
        return reason;
    }

    Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
