// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * An import that somebody works on.
 *
 * @param doneSeq rows of this step up to this one are done
 * @param attempts since it last came further
 * @param leaseUntil when somebody else may take it
 */
record ImportWork(
        UUID id,
        UUID user,
        ImportStep step,
        long doneSeq,
        long created,
        long refused,
        List<ImportError> errors,
        int attempts,
        Instant leaseUntil) {

    /** Further on in the same step. */
    ImportWork at(long seq, Instant lease) {
        return new ImportWork(id, user, step, seq, created, refused, errors, 0, lease);
    }

    /** At the begin of a step. */
    ImportWork in(ImportStep other, Instant lease) {
        return new ImportWork(id, user, other, 0, created, refused, errors, 0, lease);
    }

    ImportWork withCreated() {
        return new ImportWork(id, user, step, doneSeq, created + 1, refused, errors, attempts, leaseUntil);
    }

    /** @param lost whether the item became no task */
    ImportWork withError(ImportError error, boolean lost) {
        List<ImportError> more = new ArrayList<>(errors);
        if (more.size() < Import.MAX_ERRORS) {
            more.add(error);
        }
        return new ImportWork(id, user, step, doneSeq, created, refused + (lost ? 1 : 0), more, attempts, leaseUntil);
    }
}
