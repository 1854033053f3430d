// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.outbound;

/**
 * An answer of another service.
 *
 * @param status below 500: others are failures of the call
 * @param body as it came
 */
public record PeerResponse(int status, byte[] body) {}
