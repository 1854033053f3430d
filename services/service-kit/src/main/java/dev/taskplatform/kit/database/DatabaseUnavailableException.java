// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.database;

import java.time.Duration;

/**
 * The database could not do the work now, and the same request may succeed later: it can't be reached, has no free
 * connection, is out of space or is shutting down. Over HTTP this is 503 with {@code Retry-After}.
 *
 * <p>When it is thrown by a {@linkplain Database#write write}, the work was undone, or, if the connection broke during
 * the commit, may have been done.
 */
public final class DatabaseUnavailableException extends RuntimeException {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    DatabaseUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    /** How long a client should wait before it tries again; whole seconds. */
    public Duration retryAfter() {
        return RETRY_AFTER;
    }
}
