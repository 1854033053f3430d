// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.account;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Who a person is, as the user service said last.
 *
 * @param staleSince when it was said, if that is long ago and the user service can't be asked now
 */
public record KnownUser(UUID id, String username, Optional<String> displayName, Optional<Instant> staleSince) {
    KnownUser staleSince(Instant time) {
        return new KnownUser(id, username, displayName, Optional.of(time));
    }
}
