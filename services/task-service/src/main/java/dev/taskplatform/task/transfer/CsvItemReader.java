// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taskplatform.kit.problem.InvalidValueException;
import dev.taskplatform.task.list.ListText;
import dev.taskplatform.task.transfer.FileItem.BadItem;
import dev.taskplatform.task.transfer.FileItem.ListItem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads a task from each line; the first line names the columns. Lists come to be where a task first names them. */
final class CsvItemReader implements ItemReader {
    private final BoundedReader file;
    private final ObjectMapper mapper;
    private final FileTaskParser tasks;
    private final Iterator<CSVRecord> lines;
    private final List<String> columns;
    private final Set<String> lists = new HashSet<>();
    private CSVRecord waiting;

    CsvItemReader(BoundedReader file, ObjectMapper mapper, FileTaskParser tasks)
            throws MalformedFileException, IOException {
        this.file = file;
        this.mapper = mapper;
        this.tasks = tasks;
        CSVParser parser =
                CSVFormat.RFC4180.builder().setIgnoreEmptyLines(true).get().parse(file);
        this.lines = parser.iterator();
        this.columns = columns(line());
    }

    private static List<String> columns(Optional<CSVRecord> first) throws MalformedFileException {
        List<String> columns = first.map(CSVRecord::stream)
                .map(cells ->
                        cells.map(cell -> cell.strip().replace("\uFEFF", "")).toList())
                .orElse(List.of());
        for (String column : columns) {
            if (!CsvColumns.ALL.contains(column)) {
                throw new MalformedFileException("The first line names a column \"%s\"; there are %s."
                        .formatted(column, String.join(", ", CsvColumns.ALL)));
            }
        }
        if (!columns.contains("title") || columns.size() != Set.copyOf(columns).size()) {
            throw new MalformedFileException("The first line must name the columns, each once, and among them title.");
        }
        return columns;
    }

    @Override
    public Optional<FileItem> next() throws MalformedFileException, IOException {
        CSVRecord line = waiting;
        waiting = null;
        if (line == null) {
            line = line().orElse(null);
        }
        if (line == null) {
            return Optional.empty();
        }
        if (line.size() != columns.size()) {
            return Optional.of(new BadItem(
                    "The line has %d cells, and there are %d columns.".formatted(line.size(), columns.size())));
        }
        Optional<String> list = list(line);
        try {
            if (list.isPresent() && lists.add(ListText.name(list.get()))) {
                waiting = line;
                return Optional.of(new ListItem(list.get(), list.get(), false));
            }
        } catch (InvalidValueException e) {
            return Optional.of(new BadItem("list: " + e.getMessage()));
        }
        return Optional.of(tasks.parse(members(line), list));
    }

    private Optional<String> list(CSVRecord line) {
        int column = columns.indexOf("list");
        return column < 0
                ? Optional.empty()
                : Optional.of(CsvColumns.unguarded(line.get(column))).filter(name -> !name.isEmpty());
    }

    private ObjectNode members(CSVRecord line) throws IOException {
        ObjectNode members = mapper.createObjectNode();
        for (int i = 0; i < columns.size(); i++) {
            String column = columns.get(i);
            String cell = CsvColumns.unguarded(line.get(i));
            if (CsvColumns.MULTIPLE.contains(column)) {
                ArrayNode values = members.putArray(column);
                CsvColumns.split(cell).forEach(values::add);
            } else if (!cell.isEmpty() || column.equals("title")) {
                members.put(column, cell);
            }
        }
        return members;
    }

    private Optional<CSVRecord> line() throws MalformedFileException, IOException {
        try {
            file.item();
            return lines.hasNext() ? Optional.of(lines.next()) : Optional.empty();
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof CSVException) {
                throw new MalformedFileException(
                        "This is no CSV: " + e.getCause().getMessage(), e);
            }
            throw e.getCause();
        }
    }
}
