// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.task.list.TaskList;
import dev.taskplatform.task.task.TaskView;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;

/** Writes everything, list by list. */
final class JsonItemWriter implements ItemWriter {
    private final JsonGenerator out;
    private boolean inList;

    JsonItemWriter(OutputStream out, ObjectMapper mapper, Instant now) throws IOException {
        this.out = mapper.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        this.out.writeStartObject();
        this.out.writeStringField("format", "taskplatform");
        this.out.writeNumberField("version", 1);
        this.out.writeStringField("exportedAt", now.toString());
        this.out.writeArrayFieldStart("lists");
    }

    @Override
    public void list(TaskList list) throws IOException {
        endList();
        out.writeStartObject();
        out.writeStringField("id", list.id().toString());
        out.writeStringField("name", list.name());
        out.writeBooleanField("inbox", list.inbox());
        out.writeArrayFieldStart("tasks");
        inList = true;
    }

    @Override
    public void task(TaskView task) throws IOException {
        out.writePOJO(task);
    }

    @Override
    public void close() throws IOException {
        endList();
        out.writeEndArray();
        out.writeEndObject();
        out.close();
    }

    private void endList() throws IOException {
        if (inList) {
            out.writeEndArray();
            out.writeEndObject();
        }
    }
}
