// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.kubernetes;

import java.time.Duration;

/** What ServiceAccount tokens are checked with cannot be had now. */
public final class KubernetesUnavailableException extends RuntimeException {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    KubernetesUnavailableException(Throwable cause) {
        super("The Kubernetes API server cannot be reached, so ServiceAccount tokens cannot be checked", cause);
    }

    /** How long to wait before the next try. */
    public Duration retryAfter() {
        return RETRY_AFTER;
    }
}
