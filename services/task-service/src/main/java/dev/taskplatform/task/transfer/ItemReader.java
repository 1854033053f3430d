// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import java.io.IOException;
import java.util.Optional;

/** Takes a file apart, and keeps no more than one item of it in memory. */
@FunctionalInterface
interface ItemReader {
    /**
     * The next item; empty at the end.
     *
     * @throws MalformedFileException when the file is not written in its format
     * @throws IOException when it can't be read on
     */
    Optional<FileItem> next() throws MalformedFileException, IOException;
}
