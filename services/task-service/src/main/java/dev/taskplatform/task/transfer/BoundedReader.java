// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** A file as text, of which no item may be so long that it fills the memory, as one that never ends would. */
final class BoundedReader extends FilterReader {
    /** Far more than a task can have, in characters; with what parsers read ahead. */
    static final int MAX_ITEM = 512 * 1024;

    private long sinceItem;

    /** @param file in UTF-8 */
    BoundedReader(InputStream file) {
        super(new InputStreamReader(
                file,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)));
    }

    /** An item has come to its end. */
    void item() {
        sinceItem = 0;
    }

    @Override
    public int read() throws IOException {
        char[] one = new char[1];
        return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public int read(char[] characters, int offset, int length) throws IOException {
        int read = super.read(characters, offset, length);
        sinceItem += Math.max(0, read);
        if (sinceItem > MAX_ITEM) {
            throw new ItemTooLongException();
        }
        return read;
    }

    /** One item is longer than {@link #MAX_ITEM}. */
    static final class ItemTooLongException extends IOException {
        private ItemTooLongException() {
            super("One item is longer than " + MAX_ITEM + " characters; is a quotation mark not closed before it?");
        }
    }
}
