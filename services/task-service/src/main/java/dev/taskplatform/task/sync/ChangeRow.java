// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.sync;

import dev.taskplatform.task.change.EntityKind;
import java.util.UUID;

/**
 * Something that changed, as one member meets it.
 *
 * @param position from where on it counts for this member
 * @param changed its own position; less when it was there before this member was
 * @param removed whether the list is not theirs any more
 */
record ChangeRow(long position, long changed, UUID list, EntityKind kind, UUID id, boolean removed) {}
