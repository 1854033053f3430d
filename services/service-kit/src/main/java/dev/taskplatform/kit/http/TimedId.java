// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.http;

import java.time.Instant;
import java.util.UUID;

/**
 * A place in a list that is in the order of time, and of ids among what is of the same time.
 *
 * @param time in microseconds
 */
public record TimedId(Instant time, UUID id) {}
