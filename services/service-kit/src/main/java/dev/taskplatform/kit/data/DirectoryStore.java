// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A directory, such as a mounted volume. */
final class DirectoryStore implements BackupStore {
    /** A file that is still written, or was when its writer died. */
    private static final String PARTIAL = ".partial";

    /** For the group, too, by which Kubernetes shares a volume. */
    private static final FileAttribute<?> DIRECTORIES =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---"));

    private static final FileAttribute<?> FILES =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"));

    private final Path root;

    /** @throws DataException if there is no such directory */
    DirectoryStore(Path root) throws DataException {
        this.root = root.toAbsolutePath();
        if (!Files.isDirectory(root)) {
            throw new DataException("BACKUP_DIRECTORY: there is no directory %s; mount the volume for backups there"
                    .formatted(this.root));
        }
    }

    @Override
    public String description() {
        return root.toString();
    }

    @Override
    public Upload create(String name) throws IOException {
        Path file = root.resolve(name);
        Path partial = file.resolveSibling(file.getFileName() + PARTIAL);
        List<Path> made = directories(file.getParent());
        Files.deleteIfExists(partial);
        Files.createFile(partial, FILES);
        OutputStream out = Files.newOutputStream(partial, StandardOpenOption.WRITE);
        return new Upload() {
            @Override
            void append(byte[] content, int offset, int length) throws IOException {
                out.write(content, offset, length);
            }

            @Override
            void commit() throws IOException {
                out.close();
                Disk.force(partial);
                Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
                Disk.force(file.getParent());
                for (Path directory : made) {
                    Disk.force(directory.getParent());
                }
            }

            @Override
            public void close() throws IOException {
                out.close();
                Files.deleteIfExists(partial);
            }
        };
    }

    /** Those that it had to make. */
    private static List<Path> directories(Path directory) throws IOException {
        List<Path> missing = new ArrayList<>();
        for (Path each = directory; !Files.isDirectory(each); each = each.getParent()) {
            missing.add(each);
        }
        Files.createDirectories(directory, DIRECTORIES);
        return missing;
    }

    @Override
    public InputStream open(String name) throws IOException {
        return Files.newInputStream(root.resolve(name));
    }

    @Override
    public List<Stored> list(String folder) throws IOException {
        Path top = root.resolve(folder);
        if (!Files.isDirectory(top)) {
            return List.of();
        }
        List<Stored> stored = new ArrayList<>();
        try (Stream<Path> files = Files.walk(top)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                stored.add(new Stored(
                        root.relativize(file).toString(),
                        Files.getLastModifiedTime(file).toInstant()));
            }
        }
        return stored;
    }

    @Override
    public void delete(String name) throws IOException {
        Path file = root.resolve(name);
        Files.deleteIfExists(file);
        try {
            // The folder of a backup, once nothing of it is left.
            Files.deleteIfExists(file.getParent());
        } catch (DirectoryNotEmptyException e) {
            // The other service's files.
        }
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
