// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/**
 * Stores a snapshot of a SQLite database that a service may be writing to. A backup of the name that is complete already is
 * left as it is: whoever runs commands may run them twice.
 */
final class BackupCommand {
    private static final Logger LOGGER = System.getLogger(BackupCommand.class.getName());

    private static final int BUFFER = 1 << 16;

    private final Path database;
    private final ServiceIdentity service;
    private final BackupStore store;
    private final Backups backups;
    private final Environment environment;
    private final Clock clock;

    /** @param database the SQLite file */
    BackupCommand(Path database, ServiceIdentity service, BackupStore store, Environment environment, Clock clock)
            throws DataException {
        this.database = database.toAbsolutePath();
        this.service = service;
        this.store = store;
        this.environment = environment;
        this.clock = clock;
        this.backups = new Backups(store, environment.prefix(), service.name());
    }

    Result run() throws DataException, IOException, SQLException {
        String name = environment.backup();
        int keep = environment.keep();
        Optional<Manifest> complete = backups.find(name);
        Manifest manifest;
        if (complete.isPresent()) {
            LOGGER.log(Level.INFO, () -> "There is already a backup %s".formatted(backups.place(name)));
            manifest = complete.get();
        } else {
            manifest = make(name);
        }
        Optional<String> warning = keep == 0 ? Optional.empty() : removeOld(name, keep);
        return Result.of(environment.prefix() + "/" + name, manifest, warning);
    }

    /** The backup is there whether or not older ones can be removed. */
    private Optional<String> removeOld(String name, int keep) {
        try {
            backups.keep(keep, environment.keepPrefix(), name, clock.instant());
            return Optional.empty();
        } catch (IOException e) {
            String warning = "The backup is made, but older ones could not be removed: " + Failures.sentence(e);
            LOGGER.log(Level.WARNING, warning);
            return Optional.of(warning);
        }
    }

    private Manifest make(String name) throws DataException, IOException, SQLException {
        Path work = Files.createTempDirectory(environment.workDir(), "backup-");
        try {
            Path snapshot = work.resolve("snapshot.db");
            Instant createdAt = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            try (SqliteFile live = SqliteFile.open(database)) {
                Disk.requireSpace(work, live.bytes(), "A snapshot of " + database);
                live.snapshot(snapshot);
            }
            String schemaVersion;
            Map<String, TableSummary> tables;
            try (SqliteFile taken = SqliteFile.open(snapshot)) {
                taken.requireIntegrity();
                schemaVersion = taken.schemaVersion().getVersion();
                tables = taken.summaries();
            }
            Stored stored = store(snapshot, backups.file(name));
            Manifest manifest = new Manifest(
                    Manifest.FORMAT_VERSION,
                    service.name(),
                    service.version(),
                    schemaVersion,
                    createdAt,
                    Files.size(snapshot),
                    stored.bytes(),
                    stored.sha256(),
                    tables);
            backups.complete(name, manifest);
            return manifest;
        } finally {
            Disk.remove(work);
        }
    }

    private Stored store(Path snapshot, String name) throws IOException {
        MessageDigest digest = Hashes.sha256();
        try (BackupStore.Upload upload = store.create(name)) {
            try (InputStream in = new DigestInputStream(Files.newInputStream(snapshot), digest);
                    OutputStream out = new GZIPOutputStream(new Uncommitted(upload), BUFFER)) {
                in.transferTo(out);
            }
            upload.commit();
            return new Stored(upload.bytes(), HexFormat.of().formatHex(digest.digest()));
        }
    }

    /** @param sha256 of the snapshot */
    private record Stored(long bytes, String sha256) {}

    /** Is not closed by what writes to it. */
    private static final class Uncommitted extends FilterOutputStream {
        Uncommitted(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
