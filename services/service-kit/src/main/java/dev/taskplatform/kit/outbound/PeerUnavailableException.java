// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.outbound;

import java.time.Duration;

/** Another service did not answer, or said that it can't. The same call may succeed later. */
public sealed class PeerUnavailableException extends RuntimeException permits PeerBusyException {
    private final Duration retryAfter;

    PeerUnavailableException(String message, Duration retryAfter, Throwable cause) {
        super(message, cause);
        this.retryAfter = retryAfter;
    }

    /** How long to wait before the next try. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
