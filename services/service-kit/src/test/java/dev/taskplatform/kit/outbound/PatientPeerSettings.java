// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.outbound;

import java.net.URI;
import java.time.Duration;

/** Settings for tests of what has its own troubles: nothing is slow or old, and an attempt may last as long as a call. */
public final class PatientPeerSettings {
    private static final Duration NEVER = Duration.ofHours(1);
    private static final double RETRY_BUDGET = 0.1;

    private PatientPeerSettings() {}

    /** Settings of a peer. */
    public static PeerSettings of(String name, URI url, Duration timeout, int maxConcurrent) {
        return new PeerSettings(name, url, timeout, timeout, timeout, RETRY_BUDGET, NEVER, maxConcurrent);
    }
}
