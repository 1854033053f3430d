// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import java.util.Optional;
import java.util.UUID;

/**
 * A piece of an import that waits to become a list or a task.
 *
 * @param seq its place, from 1
 * @param number of the item in the file, from 1
 * @param ref what others in the file call it
 * @param entity the id that it gets
 * @param linked whether it refers to others
 * @param data JSON of a {@link StagedTask}, or the name of a list
 */
record ImportRow(long seq, long number, Optional<String> ref, UUID entity, Kind kind, boolean linked, String data) {
    enum Kind {
        LIST,
        TASK
    }
}
