// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taskplatform.kit.json.JsonFields;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.task.list.ListText;
import dev.taskplatform.task.transfer.FileItem.BadItem;
import dev.taskplatform.task.transfer.FileItem.ListItem;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads what {@link JsonItemWriter} wrote: {@code {"format": "taskplatform", "version": 1, "lists": [{..., "tasks": [...]}]}}.
 * In a list, {@code tasks} comes last.
 */
final class JsonItemReader implements ItemReader {
    private enum Place {
        START,
        LISTS,
        TASKS,
        END
    }

    private final BoundedReader file;
    private final ObjectMapper mapper;
    private final ObjectReader items;
    private final FileTaskParser tasks;
    private final JsonParser parser;
    private Place place = Place.START;
    private String list;

    JsonItemReader(BoundedReader file, ObjectMapper mapper, FileTaskParser tasks) throws IOException {
        this.file = file;
        this.mapper = mapper;
        this.items = mapper.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        this.tasks = tasks;
        this.parser = mapper.createParser(file);
    }

    @Override
    public Optional<FileItem> next() throws MalformedFileException, IOException {
        try {
            while (place != Place.END) {
                file.item();
                Optional<FileItem> item = switch (place) {
                    case START -> start();
                    case LISTS -> list();
                    case TASKS -> task();
                    case END -> Optional.empty();
                };
                if (item.isPresent()) {
                    return item;
                }
            }
            return Optional.empty();
        } catch (JsonProcessingException e) {
            throw new MalformedFileException(
                    "This is no JSON at line %d, column %d: %s."
                            .formatted(
                                    e.getLocation() == null
                                            ? 0
                                            : e.getLocation().getLineNr(),
                                    e.getLocation() == null
                                            ? 0
                                            : e.getLocation().getColumnNr(),
                                    e.getOriginalMessage()),
                    e);
        }
    }

    private Optional<FileItem> start() throws MalformedFileException, IOException {
        expect(parser.nextToken(), JsonToken.START_OBJECT, "The file must be a JSON object");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (name) {
                case "lists" -> {
                    expect(value, JsonToken.START_ARRAY, "lists must be an array");
                    place = Place.LISTS;
                    return Optional.empty();
                }
                case "format" ->
                    require("taskplatform".equals(parser.getValueAsString()), "format must be \"taskplatform\"");
                case "version" -> require(parser.getValueAsInt() == 1, "version must be 1");
                default -> parser.skipChildren();
            }
        }
        throw malformed("The file has no lists");
    }

    private Optional<FileItem> list() throws MalformedFileException, IOException {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.END_ARRAY) {
            expect(parser.nextToken(), JsonToken.END_OBJECT, "Nothing may come after lists");
            require(parser.nextToken() == null, "Nothing may come after the object");
            place = Place.END;
            return Optional.empty();
        }
        expect(token, JsonToken.START_OBJECT, "A list must be an object");
        ObjectNode members = mapper.createObjectNode();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("tasks")) {
                expect(value, JsonToken.START_ARRAY, "tasks must be an array");
                place = Place.TASKS;
                return Optional.of(listItem(members));
            }
            members.set(name, items.readTree(parser));
        }
        throw malformed("A list must have tasks, as its last member");
    }

    private FileItem listItem(ObjectNode members) throws MalformedFileException {
        JsonFields body = new JsonFields(members);
        list = body.required("id", Function.identity());
        String name = body.required("name", ListText::name);
        boolean inbox = body.optionalBoolean("inbox").orElse(false);
        try {
            body.doneIgnoringUnknown();
        } catch (ProblemException e) {
            throw malformed("A list is not valid, in " + e.errors().getFirst().pointer() + ": "
                    + e.errors().getFirst().detail());
        }
        return new ListItem(list, name, inbox);
    }

    private Optional<FileItem> task() throws MalformedFileException, IOException {
        if (parser.nextToken() == JsonToken.END_ARRAY) {
            expect(parser.nextToken(), JsonToken.END_OBJECT, "tasks must be the last member of its list");
            place = Place.LISTS;
            return Optional.empty();
        }
        JsonNode node = items.readTree(parser);
        return Optional.of(
                node instanceof ObjectNode members
                        ? tasks.parse(members, Optional.of(list))
                        : new BadItem("A task must be an object."));
    }

    private void expect(JsonToken actual, JsonToken expected, String otherwise) throws MalformedFileException {
        require(actual == expected, otherwise);
    }

    private void require(boolean met, String otherwise) throws MalformedFileException {
        if (!met) {
            throw malformed(otherwise);
        }
    }

    private MalformedFileException malformed(String what) {
        return new MalformedFileException("%s; see line %d, column %d."
                .formatted(
                        what,
                        parser.currentLocation().getLineNr(),
                        parser.currentLocation().getColumnNr()));
    }
}
