// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.audit;

/** Keeps what was done; entries are never changed. */
public interface AuditLog {
    /**
     * Keeps an entry, in the transaction of the change that it tells of.
     *
     * @throws dev.taskplatform.kit.database.DatabaseUnavailableException while the database is away
     */
    void record(AuditEntry entry);
}
