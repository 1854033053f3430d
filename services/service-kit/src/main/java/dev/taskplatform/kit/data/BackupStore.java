// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.List;

/** Where backups lie: files whose names have parts, divided by slashes. What is there is whole. */
interface BackupStore extends AutoCloseable {
    /** For people, with the place; holds no secret. */
    String description();

    /** A new file, or a new content of one. */
    Upload create(String name) throws IOException;

    /** @throws NoSuchFileException if there is none */
    InputStream open(String name) throws IOException;

    /** All files whose names begin with a folder and a slash, in no order. */
    List<Stored> list(String folder) throws IOException;

    /** Removes a file, if it is there. */
    void delete(String name) throws IOException;

    @Override
    void close();

    /** @param modified when it was stored */
    record Stored(String name, Instant modified) {}

    /** Gets the content of a file, which is there once it is committed; closed before, nothing is. */
    abstract class Upload extends OutputStream {
        private long bytes;

        /** So many so far. */
        final long bytes() {
            return bytes;
        }

        @Override
        public final void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public final void write(byte[] content, int offset, int length) throws IOException {
            append(content, offset, length);
            bytes += length;
        }

        abstract void append(byte[] content, int offset, int length) throws IOException;

        /** Returns once the file is there, whatever happens to this machine. */
        abstract void commit() throws IOException;

        @Override
        public abstract void close() throws IOException;
    }
}
