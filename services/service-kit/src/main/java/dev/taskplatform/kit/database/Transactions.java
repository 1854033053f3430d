// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.database;

import java.util.function.Supplier;

/** Lets a change span several repositories. */
public interface Transactions {
    /**
     * Does the work in one transaction: all that repositories write in it, on this thread, is kept together or not at all.
     * Keep it short, as with SQLite nobody else writes meanwhile.
     *
     * @throws DatabaseUnavailableException when the database can't do it now
     */
    <T> T inTransaction(Supplier<T> work);
}
