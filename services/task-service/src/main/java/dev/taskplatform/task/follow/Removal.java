// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.follow;

import java.util.UUID;

/**
 * What is still to be done for a deleted account.
 *
 * @param deletionId what the user service waits for
 * @param owner whose tasks must go
 */
public record Removal(UUID deletionId, UUID owner) {}
