// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.outbound;

import java.time.Duration;
import java.util.Optional;

/**
 * An answer of another service.
 *
 * @param status below 500: others are failures of the call
 * @param body as it came
 * @param retryAfter when a retry makes sense, if the peer said so in seconds
 */
public record PeerResponse(int status, byte[] body, Optional<Duration> retryAfter) {}
