// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.database;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/** A transaction of several writes, which takes its connection when the first of them comes. */
final class LateTransaction implements AutoCloseable {
    private static final String BEFORE_WRITE = "before_write";

    private final Jdbi writers;
    private Handle handle;
    private JdbiException lost;

    LateTransaction(Jdbi writers) {
        this.writers = writers;
    }

    boolean hasBegun() {
        return handle != null;
    }

    <T, X extends Exception> T read(HandleCallback<T, X> work) throws X {
        return work.withHandle(handle);
    }

    /** Adds the work; when it throws, what it wrote is undone, and what was written before it is not. */
    <T, X extends Exception> T write(HandleCallback<T, X> work) throws X {
        requireWhole();
        if (handle == null) {
            handle = writers.open();
            handle.begin();
        }
        handle.savepoint(BEFORE_WRITE);
        try {
            T result = work.withHandle(handle);
            handle.releaseSavepoint(BEFORE_WRITE);
            return result;
        } catch (Throwable e) {
            undo(e);
            throw e;
        }
    }

    private void undo(Throwable cause) {
        try {
            handle.rollbackToSavepoint(BEFORE_WRITE);
        } catch (JdbiException e) {
            // The connection broke, or SQLite has undone the whole transaction, as it does when the disk is full.
            cause.addSuppressed(e);
            lost = cause instanceof JdbiException known ? known : e;
        }
    }

    void commit() {
        requireWhole();
        if (handle != null) {
            handle.commit();
        }
    }

    /** Nothing may be added to, or kept of, a transaction whose beginning is gone. */
    private void requireWhole() {
        if (lost != null) {
            throw lost;
        }
    }

    /** Undoes what was not committed. */
    @Override
    public void close() {
        if (handle == null) {
            return;
        }
        try (Handle last = handle) {
            if (last.isInTransaction()) {
                last.rollback();
            }
        }
    }
}
