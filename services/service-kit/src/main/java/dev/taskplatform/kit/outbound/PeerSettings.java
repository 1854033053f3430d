// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.outbound;

import java.net.URI;
import java.time.Duration;

/**
 * How to reach another service.
 *
 * @param name for logs and metrics
 * @param url base of its routes, with no slash at the end
 * @param timeout for a whole call: the wait for a free place, the connection and the answer
 * @param maxConcurrent calls at a time; more wait
 */
public record PeerSettings(String name, URI url, Duration timeout, int maxConcurrent) {

    public PeerSettings {
        if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme()) || url.getHost() == null) {
            throw new IllegalArgumentException(
                    "%s.url: must be an http or https URL, but is '%s'".formatted(name, url));
        }
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("%s.timeout: must be longer than 0, but is %s".formatted(name, timeout));
        }
    }
}
