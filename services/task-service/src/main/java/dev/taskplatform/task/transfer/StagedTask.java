// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A task that waits to be made, as JSON keeps it.
 *
 * @param list null for the inbox
 * @param fields as a client would write them
 * @param parent a name in the file; null for none
 * @param position null for the end of the list
 */
record StagedTask(
        UUID list,
        ObjectNode fields,
        String parent,
        List<String> blockedBy,
        String position,
        Instant completedAt,
        Instant createdAt) {}
