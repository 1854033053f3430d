// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import javax.sql.DataSource;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.mapper.ColumnMapper;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * SQLite in one file.
 *
 * <p>SQLite has one writer at a time whatever a client does. The writers' pool therefore holds one connection: writers
 * queue for it inside this process, with a time-out, instead of polling the file's lock; their transactions begin
 * IMMEDIATE, so none fails halfway because it upgraded from reading. Readers have their own connections, and in WAL mode
 * neither wait for the writer nor stop it. {@code synchronous=FULL} puts each commit on the disk before it returns.
 */
final class SqliteBackend implements Backend {
    private static final int READERS = 4;
    /** Another process at the same file (a backup, a shell) may hold the lock for a moment. */
    private static final Duration BUSY = Duration.ofSeconds(2);

    /** SQLite switches a new file to WAL without regard to the busy time-out: of several processes all but one try again. */
    private static final Duration FIRST_CONNECTION = Duration.ofSeconds(5);

    private final Path file;
    private final HikariDataSource readers;
    private final HikariDataSource writers;

    SqliteBackend(Path file) {
        this.file = file.toAbsolutePath();
        create(this.file);
        HikariConfig writing = Pools.config("sqlite-writer", source(this.file), 1);
        writing.setInitializationFailTimeout(FIRST_CONNECTION.toMillis());
        this.writers = new HikariDataSource(writing);
        HikariConfig reading = Pools.config("sqlite-readers", source(this.file), READERS);
        reading.setConnectionInitSql("PRAGMA query_only = ON");
        this.readers = new HikariDataSource(reading);
    }

    /** Owner only, as the file holds what users wrote; SQLite gives its side files the same mode. */
    private static void create(Path file) {
        try {
            Files.createDirectories(file.getParent());
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isRegularFile(file) || !Files.isWritable(file)) {
                throw unusable(file, e);
            }
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    private static IllegalArgumentException unusable(Path file, IOException cause) {
        return new IllegalArgumentException(
                "database.embedded.path: can't make or write the file %s (%s); make its directory writable or name another"
                        .formatted(file, cause.getClass().getSimpleName()),
                cause);
    }

    /** Connections that keep what they commit. */
    static SQLiteDataSource source(Path file) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        config.enforceForeignKeys(true);
        config.setBusyTimeout((int) BUSY.toMillis());
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    @Override
    public String description() {
        return "SQLite at " + file;
    }

    @Override
    public Dialect dialect() {
        return Dialect.SQLITE;
    }

    @Override
    public void configure(FluentConfiguration flyway) {
        flyway.dataSource(source(file));
    }

    @Override
    public DataSource readers() {
        return readers;
    }

    @Override
    public DataSource writers() {
        return writers;
    }

    @Override
    public void configure(Jdbi jdbi) {
        jdbi.registerArgument(new InstantArgument());
        jdbi.registerColumnMapper(Instant.class, INSTANT);
    }

    @Override
    public boolean isUnavailable(SQLException e) {
        if (!(e instanceof SQLiteException failure)) {
            return false;
        }
        // The low byte is the primary code; the rest says more about it (SQLITE_IOERR_FSYNC and the like).
        int primary = failure.getResultCode().code & 0xff;
        return primary == SQLiteErrorCode.SQLITE_BUSY.code
                || primary == SQLiteErrorCode.SQLITE_LOCKED.code
                || primary == SQLiteErrorCode.SQLITE_FULL.code
                || primary == SQLiteErrorCode.SQLITE_IOERR.code
                || primary == SQLiteErrorCode.SQLITE_CANTOPEN.code
                || primary == SQLiteErrorCode.SQLITE_READONLY.code;
    }

    @Override
    public void close() {
        readers.close();
        writers.close();
    }

    /** SQLite has no type for instants: microseconds since the epoch, the precision of PostgreSQL. */
    private static final class InstantArgument extends AbstractArgumentFactory<Instant> {
        InstantArgument() {
            super(Types.BIGINT);
        }

        @Override
        protected Argument build(Instant value, ConfigRegistry config) {
            long micros = ChronoUnit.MICROS.between(Instant.EPOCH, value);
            return (position, statement, context) -> statement.setLong(position, micros);
        }
    }

    private static final ColumnMapper<Instant> INSTANT = (row, column, context) -> {
        long micros = row.getLong(column);
        return row.wasNull() ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    };
}
