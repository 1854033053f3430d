// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.server;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.Supplier;

/** A request's body that can be read up to a limit. */
final class LimitedBody extends InputStream {
    private final InputStream body;
    private final Supplier<RuntimeException> beyond;
    private long left;

    /**
     * @param limit in bytes
     * @param beyond thrown when more comes
     */
    LimitedBody(InputStream body, long limit, Supplier<RuntimeException> beyond) {
        this.body = body;
        this.left = limit;
        this.beyond = beyond;
    }

    @Override
    public int read() throws IOException {
        int value = body.read();
        return count(value < 0 ? value : 1) < 0 ? -1 : value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return count(body.read(bytes, offset, length));
    }

    /**
     * Reads on to the end, and forgets it.
     *
     * @param longest when it gives up on a body that does not end
     */
    void discard(Duration longest) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        long begin = System.nanoTime();
        int read = 0;
        while (read >= 0 && System.nanoTime() - begin < longest.toNanos()) {
            read = body.read(buffer);
        }
    }

    private int count(int read) {
        if (read > 0) {
            left -= read;
            if (left < 0) {
                throw beyond.get();
            }
        }
        return read;
    }
}
