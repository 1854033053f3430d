// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taskplatform.kit.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * A file beside a database that says which backup the database was restored from. It is written before the database gets
 * its name, so it names the file by its number (inode), which that does not change: a database that somebody made
 * otherwise is not taken for the restored one. While it is open nobody else restores there.
 */
final class RestoreMark implements AutoCloseable {
    private static final String SUFFIX = ".restored";
    private static final int MOST_BYTES = 1 << 16;

    private final Path database;
    private final FileChannel channel;
    private final FileLock lock;
    private final ObjectMapper json = Json.mapper();

    private RestoreMark(Path database, FileChannel channel, FileLock lock) {
        this.database = database;
        this.channel = channel;
        this.lock = lock;
    }

    /** @throws DataException if somebody else restores there now */
    static RestoreMark open(Path database) throws DataException, IOException {
        FileChannel channel = FileChannel.open(
                database.resolveSibling(database.getFileName() + SUFFIX),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // By this very process; said below.
        }
        if (lock == null) {
            channel.close();
            throw new DataException("Another restore to %s is under way; wait for its end".formatted(database));
        }
        return new RestoreMark(database, channel, lock);
    }

    /** What {@link #write} was given, if the database that is there now is that of the backup. */
    Optional<Result> restored(String backup) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(MOST_BYTES);
        while (content.hasRemaining() && channel.read(content, content.position()) > 0) {
            // Goes on.
        }
        if (content.position() == 0) {
            return Optional.empty();
        }
        JsonNode mark;
        try {
            mark = json.readTree(content.array(), 0, content.position());
        } catch (IOException e) {
            // Its writer died over it, and so before the database got its name.
            return Optional.empty();
        }
        boolean same = mark.path("backup").asText().equals(backup)
                && mark.path("inode").asLong() == number(database);
        return same ? Optional.of(result(mark)) : Optional.empty();
    }

    private static Result result(JsonNode mark) {
        return new Result(
                mark.path("service").asText(),
                Optional.of(mark.path("backup").asText()),
                mark.path("rows").asLong(),
                mark.path("tables").asInt(),
                mark.path("bytes").asLong(),
                mark.path("sha256").asText(),
                mark.path("schemaVersion").asText(),
                Optional.empty());
    }

    /**
     * Says that a file is of a backup, before it becomes the database.
     *
     * @param result of the restore, for whoever asks again
     */
    void write(Path file, Result result) throws IOException {
        ObjectNode mark = result.json(json).put("inode", number(file));
        ByteBuffer content = ByteBuffer.wrap(json.writeValueAsBytes(mark));
        channel.truncate(0);
        while (content.hasRemaining()) {
            channel.write(content, content.position());
        }
        channel.force(true);
    }

    private static long number(Path file) throws IOException {
        return ((Number) Files.getAttribute(file, "unix:ino")).longValue();
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }
}
