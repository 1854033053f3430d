// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.find;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.task.cursor.SharedCursors;
import dev.taskplatform.task.task.Task;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Cursors that hold where a task stands in an order, so that they are good also when it is gone or has changed. */
final class TaskCursor {
    private final SharedCursors cursors;
    private final ObjectMapper mapper;

    TaskCursor(SharedCursors cursors, ObjectMapper mapper) {
        this.cursors = cursors;
        this.mapper = mapper;
    }

    /** The cursor of the page after a task. */
    String after(UUID user, TaskQuery query, Task last) {
        try {
            return cursors.codec().encode(name(user, query), mapper.writeValueAsBytes(query.place(last)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Texts and numbers are always JSON", e);
        }
    }

    /**
     * Where the page begins.
     *
     * @throws dev.taskplatform.kit.problem.InvalidValueException when it isn't a cursor of this query of this person
     */
    List<Object> values(UUID user, TaskQuery query, String cursor) {
        byte[] bytes = cursors.codec().decode(name(user, query), cursor);
        List<Object> values = new ArrayList<>();
        try {
            JsonNode array = mapper.readTree(bytes);
            for (int i = 0; i < query.sorts().size(); i++) {
                values.add(value(query.sorts().get(i).key(), array.get(i)));
            }
            return values;
        } catch (IOException e) {
            throw new IllegalStateException("What this service signed is what it wrote", e);
        }
    }

    private static Object value(SortKey key, JsonNode value) {
        if (value.isNull()) {
            return null;
        }
        return switch (key) {
            case ID -> UUID.fromString(value.textValue());
            case CREATED, UPDATED, DUE, START -> Instant.parse(value.textValue());
            case PRIORITY -> value.intValue();
            case POSITION, TITLE -> value.textValue();
        };
    }

    private static String name(UUID user, TaskQuery query) {
        return "tasks of " + user + " " + query;
    }
}
