// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.change;

import dev.taskplatform.kit.database.Database;
import org.jdbi.v3.core.Handle;

/**
 * Gives the positions of changes. In PostgreSQL, where transactions run side by side, a position is the number of the
 * transaction, so nobody waits for another to get one; a reader that stops before the oldest transaction that has not
 * ended misses none. In SQLite, which has one writer at a time, it is a count.
 */
public final class ChangeClock {
    private final String next;

    /** @param database with the table {@code change_clock} */
    public ChangeClock(Database database) {
        this.next = switch (database.dialect()) {
            case SQLITE -> "UPDATE change_clock SET base = base + 1 RETURNING base";
            case POSTGRESQL -> "SELECT base + pg_current_xact_id()::text::bigint FROM change_clock";
        };
    }

    /** The position of what the transaction of this handle changes. */
    public long next(Handle transaction) {
        return transaction.createQuery(next).mapTo(Long.class).one();
    }
}
