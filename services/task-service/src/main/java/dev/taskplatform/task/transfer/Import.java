// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * An import, as its person follows it.
 *
 * @param received items that were found in the file
 * @param created tasks that were made of them
 * @param refused items that became no task
 * @param errors the first {@value #MAX_ERRORS}
 */
public record Import(
        UUID id,
        FileFormat format,
        ImportState state,
        long received,
        long created,
        long refused,
        List<ImportError> errors,
        Instant createdAt,
        Instant updatedAt) {
    static final int MAX_ERRORS = 100;
}
