// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.webhook;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A delivery that somebody attempts.
 *
 * @param attempt its number, from 1
 * @param isAllowed whether the webhook's person can still see what it is about
 * @param secret sealed
 * @param previousSecret sealed; signs too for a while after a rotation
 * @param failingSince of the webhook
 */
record ClaimedDelivery(
        long seq,
        UUID id,
        UUID webhook,
        String url,
        String payload,
        int attempt,
        boolean isAllowed,
        byte[] secret,
        Optional<byte[]> previousSecret,
        Optional<Instant> failingSince) {}
