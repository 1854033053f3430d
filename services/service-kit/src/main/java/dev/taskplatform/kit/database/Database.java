// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.database;

import io.helidon.config.Config;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;

/**
 * The database of a service: SQLite or PostgreSQL, its schema brought up to date by Flyway.
 *
 * <p>Instants are kept with microseconds; a column is {@code timestamptz} in PostgreSQL and {@code INTEGER} in SQLite. A
 * {@link java.util.UUID} is {@code uuid} and {@code TEXT}.
 *
 * <p>A PostgreSQL that can't be reached does not end the program, at the start or later: work fails with
 * {@link DatabaseUnavailableException}, {@link #isHealthy()} is false, and both get well by themselves when the server
 * does. Restarting a pod brings no server back, and would only add the load of starts to a database in trouble.
 */
public final class Database implements Transactions, AutoCloseable {
    private static final Logger LOGGER = System.getLogger(Database.class.getName());

    private static final Duration FIRST_RETRY = Duration.ofMillis(250);
    private static final Duration LAST_RETRY = Duration.ofSeconds(10);
    /** While work succeeds the database is healthy, however busy its pool: no probe then competes for a connection. */
    private static final Duration PROOF_OF_HEALTH = Duration.ofSeconds(1);

    private static final int PROBE_SECONDS = 1;

    /** The transaction that this thread is in. */
    private final ScopedValue<Handle> current = ScopedValue.newInstance();

    /** The transaction that this thread will be in from its first write on. */
    private final ScopedValue<LateTransaction> late = ScopedValue.newInstance();

    private final Backend backend;
    private final Flyway flyway;
    private final Jdbi readers;
    private final Jdbi writers;
    private final Thread migration;
    private final AtomicBoolean reachable = new AtomicBoolean(true);
    private volatile boolean migrated;
    private volatile boolean closed;
    private volatile long lastSuccess;

    private Database(Backend backend) {
        this.backend = backend;
        this.flyway = Migrations.of(backend.dialect(), backend::configure);
        this.readers = Jdbi.create(backend.readers());
        this.writers = Jdbi.create(backend.writers());
        for (Jdbi jdbi : List.of(readers, writers)) {
            backend.configure(jdbi);
            // JDBI's default puts the arguments into the message, and so into the log.
            jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
        }
        this.migration = Thread.ofVirtual().name("database-migration").unstarted(this::migrateWhenReachable);
    }

    /**
     * Opens the database and brings its schema up to date. When the server can't be reached, returns all the same and goes
     * on trying.
     *
     * @param config the configuration node {@code database}
     * @throws IllegalArgumentException naming the key or file, when the configuration can't be used
     * @throws IllegalStateException when a migration fails
     */
    public static Database open(Config config) {
        return open(DatabaseSettings.from(config));
    }

    /** As {@link #open(Config)}. */
    public static Database open(DatabaseSettings settings) {
        Backend backend = switch (settings) {
            case DatabaseSettings.Embedded embedded -> new SqliteBackend(embedded.path());
            case DatabaseSettings.Postgres postgres -> new PostgresBackend(postgres);
        };
        Database database = new Database(backend);
        try {
            if (!database.migrate()) {
                database.migration.start();
            }
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
        return database;
    }

    /**
     * Reads. Each statement sees what was committed before it, and within {@link #write} what that wrote.
     *
     * @throws DatabaseUnavailableException when the database can't do it now
     */
    public <T, X extends Exception> T read(HandleCallback<T, X> work) throws X {
        if (current.isBound()) {
            return work.withHandle(current.get());
        }
        if (late.isBound() && late.get().hasBegun()) {
            return guarded(() -> late.get().read(work));
        }
        return guarded(() -> readers.withHandle(work));
    }

    /**
     * Does the work in one transaction: when this returns, all of it is on the disk; when it throws, none of it.
     * Transactions of SQLite run one at a time; those of PostgreSQL side by side, READ COMMITTED.
     *
     * <p>Work that calls this again on its own thread adds to its transaction, which ends with the outermost call. So one
     * change can span several repositories.
     *
     * @throws DatabaseUnavailableException when the database can't do it now
     */
    public <T, X extends Exception> T write(HandleCallback<T, X> work) throws X {
        if (current.isBound()) {
            return work.withHandle(current.get());
        }
        HandleCallback<T, X> joinable =
                handle -> ScopedValue.where(current, handle).<T, X>call(() -> work.withHandle(handle));
        if (late.isBound()) {
            return guarded(() -> late.get().write(joinable));
        }
        return guarded(() -> writers.<T, X>inTransaction(joinable));
    }

    @Override
    public <T> T inTransaction(Supplier<T> work) {
        return write(handle -> work.get());
    }

    /**
     * Makes one transaction of all that the work {@linkplain #write writes} on this thread, each of which would else be one.
     * It begins with the first of them, so that reading a request or hashing a password before it keeps nobody waiting,
     * and is on the disk when this returns; when the work throws, nothing of it is. A write that throws undoes itself alone,
     * as it would by itself.
     *
     * @throws DatabaseUnavailableException when the database can't do it now
     */
    public <T, X extends Exception> T together(Work<T, X> work) throws X {
        try (LateTransaction transaction = new LateTransaction(writers)) {
            T result = ScopedValue.where(late, transaction).<T, X>call(work::run);
            return guarded(() -> {
                transaction.commit();
                return result;
            });
        }
    }

    /** Whose SQL it speaks. */
    public Dialect dialect() {
        return backend.dialect();
    }

    /** Whether the database does work now; answers within about {@code 3 s}. */
    public boolean isHealthy() {
        if (migrated && System.nanoTime() - lastSuccess < PROOF_OF_HEALTH.toNanos()) {
            return true;
        }
        try {
            return read(handle -> handle.getConnection().isValid(PROBE_SECONDS));
        } catch (DatabaseUnavailableException | SQLException e) {
            LOGGER.log(Level.DEBUG, "The database is not healthy", e);
            return false;
        }
    }

    /** Ends the pools; work under way fails. */
    @Override
    public void close() {
        closed = true;
        migration.interrupt();
        backend.close();
    }

    private <T, X extends Exception> T guarded(Work<T, X> work) throws X {
        if (!migrated) {
            throw new DatabaseUnavailableException(backend.description() + " has not been reached yet", null);
        }
        try {
            T result = work.run();
            lastSuccess = System.nanoTime();
            if (!reachable.get() && reachable.compareAndSet(false, true)) {
                LOGGER.log(Level.INFO, () -> backend.description() + " does its work again");
            }
            return result;
        } catch (JdbiException e) {
            Optional<DatabaseUnavailableException> unavailable = unavailable(e);
            if (unavailable.isPresent()) {
                throw unavailable.get();
            }
            throw e;
        }
    }

    private Optional<DatabaseUnavailableException> unavailable(RuntimeException e) {
        return reason(e).map(reason -> {
            String message = "%s can't do its work now: %s".formatted(backend.description(), reason.getMessage());
            if (reachable.compareAndSet(true, false)) {
                LOGGER.log(Level.WARNING, () -> message + "; requests that need it are answered 503 until it can");
            }
            return new DatabaseUnavailableException(message, e);
        });
    }

    private Optional<SQLException> reason(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            // A pool whose wait timed out says this, with no SQLSTATE of its own.
            if (cause instanceof SQLTransientConnectionException timeout) {
                return Optional.of(timeout);
            }
            if (cause instanceof SQLException sql && backend.isUnavailable(sql)) {
                return Optional.of(sql);
            }
        }
        return Optional.empty();
    }

    private void migrateWhenReachable() {
        Duration wait = FIRST_RETRY;
        while (!closed) {
            try {
                Thread.sleep(wait);
                if (migrate()) {
                    return;
                }
            } catch (InterruptedException e) {
                return;
            } catch (IllegalStateException e) {
                LOGGER.log(Level.ERROR, "The service stays not ready until this is put right", e);
            }
            wait = wait.multipliedBy(2).compareTo(LAST_RETRY) < 0 ? wait.multipliedBy(2) : LAST_RETRY;
        }
    }

    /**
     * @return false when the server can't be reached
     * @throws IllegalStateException when a migration fails
     */
    private boolean migrate() {
        try {
            flyway.migrate();
        } catch (FlywayException e) {
            if (unavailable(e).isPresent()) {
                return false;
            }
            throw new IllegalStateException(
                    "The schema in %s can't be brought up to date: %s".formatted(backend.description(), e.getMessage()),
                    e);
        }
        migrated = true;
        LOGGER.log(Level.INFO, () -> "Using " + backend.description());
        return true;
    }

    /** What is done {@linkplain #together together}. */
    @FunctionalInterface
    public interface Work<T, X extends Exception> {
        /** Does it. */
        T run() throws X;
    }
}
