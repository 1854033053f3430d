// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;

/** What Java's files lack. */
final class Disk {
    /** So that nobody else on the disk stands still. */
    private static final long MARGIN = 16L << 20;

    private Disk() {}

    /**
     * @param bytes what will be written
     * @param what it is, with its place
     * @throws DataException if the disk has no space for it
     */
    static void requireSpace(Path directory, long bytes, String what) throws DataException, IOException {
        long usable = Files.getFileStore(directory).getUsableSpace();
        if (usable < bytes + MARGIN) {
            throw new DataException(
                    "%s needs %d MiB in %s, where %d MiB are free; give it a larger volume, or remove files"
                            .formatted(what, (bytes + MARGIN >> 20) + 1, directory, usable >> 20));
        }
    }

    /** Returns once a file's content, or a directory's entries, would be there after the power failed. */
    static void force(Path path) throws IOException {
        // A directory can only be opened to be read.
        StandardOpenOption option = Files.isDirectory(path) ? StandardOpenOption.READ : StandardOpenOption.WRITE;
        try (FileChannel channel = FileChannel.open(path, option)) {
            channel.force(true);
        }
    }

    /** Removes a directory and all that is in it. */
    static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
