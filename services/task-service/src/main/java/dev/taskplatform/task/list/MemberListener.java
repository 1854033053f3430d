// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.list;

import java.time.Instant;
import java.util.UUID;

/** Does what follows from somebody not being a member of a list any more. */
@FunctionalInterface
public interface MemberListener {
    /** Called after the transaction that took them out; a repeat does no harm. */
    void left(UUID list, UUID user, Instant now);
}
