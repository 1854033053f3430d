// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.observe;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.StreamHandler;

/** Writes each log record to standard output at once, as a line of JSON. Named in {@code logging.properties}. */
public final class StandardOutput extends StreamHandler {
    /** For the JVM's log manager. */
    public StandardOutput() {
        super(new FileOutputStream(FileDescriptor.out), new JsonLogFormatter());
        setLevel(Level.ALL);
    }

    @Override
    public synchronized void publish(LogRecord record) {
        super.publish(record);
        flush();
    }

    /** Standard output is not ours to close. */
    @Override
    public synchronized void close() {
        flush();
    }
}
