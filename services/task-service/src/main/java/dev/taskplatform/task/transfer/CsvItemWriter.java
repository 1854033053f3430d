// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taskplatform.task.list.TaskList;
import dev.taskplatform.task.task.TaskView;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Writes a task in a line, the names of the columns in the first (RFC 4180). */
final class CsvItemWriter implements ItemWriter {
    private final CSVPrinter out;
    private final ObjectMapper mapper;
    private String list = "";

    CsvItemWriter(OutputStream out, ObjectMapper mapper) throws IOException {
        this.out = CSVFormat.RFC4180.print(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        this.mapper = mapper;
        this.out.printRecord(CsvColumns.ALL);
    }

    @Override
    public void list(TaskList list) {
        this.list = list.name();
    }

    @Override
    public void task(TaskView task) throws IOException {
        ObjectNode members = mapper.valueToTree(task);
        members.put("list", list);
        for (String column : CsvColumns.ALL) {
            out.print(CsvColumns.guarded(cell(members.path(column))));
        }
        out.println();
    }

    private static String cell(JsonNode value) {
        if (!value.isArray()) {
            return value.asText("");
        }
        List<String> texts = new ArrayList<>();
        value.forEach(item -> texts.add(item.asText()));
        return texts.isEmpty() ? "" : CsvColumns.join(texts);
    }

    @Override
    public void close() throws IOException {
        out.flush();
    }
}
