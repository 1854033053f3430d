// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.outbound;

import java.time.Duration;

/** A call was not tried, as this service has as many to that peer under way as it may. */
public final class PeerBusyException extends PeerUnavailableException {
    PeerBusyException(String message, Duration retryAfter) {
        super(message, retryAfter, null);
    }
}
