// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.graph;

import java.util.Optional;
import java.util.UUID;

/**
 * Where a task is to be.
 *
 * @param list another list; empty for the same
 * @param changesParent whether it is to be a part of another task, or of none
 * @param parent the task that it is to be a part of
 * @param neighbour the task next to which it is to be; without, the end of another list, or where it is
 * @param before whether before that task, and not after it
 */
record Move(
        Optional<UUID> list, boolean changesParent, Optional<UUID> parent, Optional<UUID> neighbour, boolean before) {}
