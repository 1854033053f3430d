// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.webhook;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Where a person wants to be told what happens.
 *
 * @param user told of what they can see
 * @param url see {@link TargetUrl}
 * @param list told of this list alone
 * @param active whether anything is sent
 * @param reason why the service made it inactive
 * @param version 1 at first, one more with each change
 */
record Webhook(
        UUID id,
        UUID user,
        String url,
        List<EventType> events,
        Optional<UUID> list,
        Optional<String> description,
        boolean active,
        Optional<String> reason,
        long version,
        Instant createdAt,
        Instant updatedAt) {}
