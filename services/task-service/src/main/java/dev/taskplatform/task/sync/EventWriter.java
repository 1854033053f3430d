// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.sync;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** Writes events (WHATWG HTML, section 9.2.5). What it writes is JSON on one line, which needs no escapes. */
final class EventWriter {
    private final OutputStream out;
    private final ObjectMapper mapper;
    private final Function<FeedToken, String> ids;

    /** @param ids tokens as clients bring them back */
    EventWriter(OutputStream out, ObjectMapper mapper, Function<FeedToken, String> ids) {
        this.out = out;
        this.mapper = mapper;
        this.ids = ids;
    }

    /** Writes the items of a page; the last has the token that goes on after them. */
    void changes(FeedPage page) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Item item : page.items()) {
            text.append("event: change\ndata: ")
                    .append(mapper.writeValueAsString(item))
                    .append("\n\n");
        }
        // A client that is cut off among them gets all of them again.
        text.append("event: caught-up\nid: ")
                .append(ids.apply(page.next()))
                .append("\ndata: {\"more\": ")
                .append(page.more())
                .append("}\n\n");
        write(text.toString());
    }

    /** Keeps the connection, and finds out whether it is still there. */
    void heartbeat() throws IOException {
        write(": \n\n");
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
