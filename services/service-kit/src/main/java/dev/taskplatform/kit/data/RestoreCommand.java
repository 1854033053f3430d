// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.flywaydb.core.api.MigrationVersion;

/**
 * Puts a backup where a service will look for its database. It gets that name when all that the manifest says has been
 * found true, in one step; what a restore that died has left is removed by the next.
 */
final class RestoreCommand {
    private static final Logger LOGGER = System.getLogger(RestoreCommand.class.getName());

    private static final String PARTIAL = ".restoring";
    private static final int BUFFER = 1 << 16;
    private static final int NAMES = 5;

    /** How far it has come. */
    enum Step {
        FETCHED,
        VERIFIED,
        MARKED,
        PLACED
    }

    private final Path database;
    private final ServiceIdentity service;
    private final BackupStore store;
    private final Backups backups;
    private final String prefix;
    private final String name;
    private final MigrationVersion newest;
    private final Consumer<Step> progress;

    /**
     * @param database where the SQLite file will be
     * @param newest version of the schema that the service can use
     * @param progress told of each step when it is done
     */
    RestoreCommand(
            Path database,
            ServiceIdentity service,
            BackupStore store,
            Environment environment,
            MigrationVersion newest,
            Consumer<Step> progress)
            throws DataException {
        this.database = database.toAbsolutePath();
        this.service = service;
        this.store = store;
        this.prefix = environment.prefix();
        this.name = environment.backup();
        this.backups = new Backups(store, prefix, service.name());
        this.newest = newest;
        this.progress = progress;
    }

    Result run() throws DataException, IOException, SQLException {
        Path directory = database.getParent();
        Files.createDirectories(directory);
        String backup = prefix + "/" + name;
        try (RestoreMark mark = RestoreMark.open(database)) {
            if (Files.exists(database)) {
                Optional<Result> before = mark.restored(backup);
                if (before.isPresent()) {
                    LOGGER.log(Level.INFO, () -> "%s was restored from %s before".formatted(database, backup));
                    return before.get();
                }
            }
            requireNothing(backup);
            Manifest manifest = manifest();
            Path partial = database.resolveSibling(database.getFileName() + PARTIAL);
            removeRemains(partial);
            Disk.requireSpace(directory, manifest.bytes(), "The database of " + backup);
            try {
                fetch(manifest, partial);
                progress.accept(Step.FETCHED);
                verify(manifest, partial);
                progress.accept(Step.VERIFIED);
                Disk.force(partial);
                Result result = Result.of(backup, manifest, Optional.empty());
                mark.write(partial, result);
                progress.accept(Step.MARKED);
                Files.move(partial, database, StandardCopyOption.ATOMIC_MOVE);
                Disk.force(directory);
                progress.accept(Step.PLACED);
                return result;
            } finally {
                removeRemains(partial);
            }
        }
    }

    /** Neither a database nor the journal of one, which SQLite would apply to the restored. */
    private void requireNothing(String backup) throws RefusedException, IOException {
        for (String suffix : List.of("", "-wal", "-journal")) {
            Path file = Path.of(database + suffix);
            // An empty journal is what somebody who only read has left.
            if (Files.exists(file) && (suffix.isEmpty() || Files.size(file) > 0)) {
                throw new RefusedException(
                        "There is already a database at %s, which was not restored from %s and is never overwritten; restore into a new resource, or remove the file"
                                .formatted(file, backup));
            }
        }
    }

    private Manifest manifest() throws DataException, IOException {
        Optional<Manifest> found = backups.find(name);
        if (found.isEmpty()) {
            List<String> others = backups.names(NAMES);
            throw new RefusedException("There is no backup %s; name one of those that there are: %s"
                    .formatted(backups.place(name), others.isEmpty() ? "none" : String.join(", ", others)));
        }
        Manifest manifest = found.get();
        if (MigrationVersion.fromVersion(manifest.schemaVersion()).compareTo(newest) > 0) {
            throw new RefusedException(
                    "%s is of the schema version %s, and version %s of the %s knows up to %s; restore with version %s of the service or a later one"
                            .formatted(
                                    backups.place(name),
                                    manifest.schemaVersion(),
                                    service.version(),
                                    service.name(),
                                    newest.getVersion(),
                                    manifest.serviceVersion()));
        }
        return manifest;
    }

    private static void removeRemains(Path partial) throws IOException {
        for (String suffix : List.of("", "-journal", "-wal", "-shm")) {
            Files.deleteIfExists(Path.of(partial + suffix));
        }
    }

    private void fetch(Manifest manifest, Path partial) throws DataException, IOException {
        MessageDigest digest = Hashes.sha256();
        long bytes = 0;
        Files.createFile(partial, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (InputStream in = new GZIPInputStream(store.open(backups.file(name)), BUFFER);
                OutputStream out = Files.newOutputStream(partial, StandardOpenOption.WRITE)) {
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0 && bytes <= manifest.bytes(); n = in.read(buffer)) {
                digest.update(buffer, 0, n);
                out.write(buffer, 0, n);
                bytes += n;
            }
        } catch (EOFException | ZipException e) {
            throw new RefusedException(
                    "%s of %s is damaged (%s); restore another backup"
                            .formatted(backups.file(name), store.description(), e.getMessage()),
                    e);
        }
        String sha256 = HexFormat.of().formatHex(digest.digest());
        if (bytes != manifest.bytes() || !sha256.equals(manifest.sha256())) {
            throw new RefusedException(
                    "%s of %s is not what its manifest says: it has %d bytes of SHA-256 %s, and should have %d of %s; restore another backup"
                            .formatted(
                                    backups.file(name),
                                    store.description(),
                                    bytes,
                                    sha256,
                                    manifest.bytes(),
                                    manifest.sha256()));
        }
    }

    private void verify(Manifest manifest, Path partial) throws DataException, SQLException {
        try (SqliteFile fetched = SqliteFile.open(partial)) {
            fetched.requireIntegrity();
            String version = fetched.schemaVersion().getVersion();
            if (!version.equals(manifest.schemaVersion())) {
                throw differs("schemaVersion", manifest.schemaVersion(), version);
            }
            Map<String, TableSummary> tables = fetched.summaries();
            if (!tables.keySet().equals(manifest.tables().keySet())) {
                throw differs("tables", manifest.tables().keySet(), tables.keySet());
            }
            for (Map.Entry<String, TableSummary> table : tables.entrySet()) {
                TableSummary told = manifest.tables().get(table.getKey());
                if (!table.getValue().equals(told)) {
                    throw differs("table " + table.getKey(), told, table.getValue());
                }
            }
        }
    }

    private RefusedException differs(String what, Object told, Object found) {
        return new RefusedException(
                "The database of %s is not what its manifest says of its %s: it has %s, and should have %s; restore another backup"
                        .formatted(backups.place(name), what, found, told));
    }
}
