// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taskplatform.kit.id.UuidText;
import dev.taskplatform.kit.json.JsonFields;
import dev.taskplatform.kit.problem.InvalidValueException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** What people write about tasks, in JSON. */
public final class TaskJson {
    /** Of labels, assignees and what a task waits for, each. */
    public static final int MOST = 20;

    public static final int MOST_REMINDERS = 10;

    private static final int ID_VERSION = 7;

    /** Those that are not there when a task has none. */
    private static final Set<String> REMOVABLE = Set.of("description", "due", "start", "parentId", "recurrence");

    private final ObjectMapper mapper;

    /** @param mapper the service's own */
    public TaskJson(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** Takes a task that is to be made; call {@link JsonFields#done()} before its use. */
    public Creation creation(JsonFields body) {
        return new Creation(body.optional("id", TaskJson::newId), body.optional("listId", UuidText::of), fields(body));
    }

    private static UUID newId(String text) {
        UUID id = UuidText.of(text);
        // Ids in the order of creation keep the rows of a time together.
        if (id.version() != ID_VERSION) {
            throw new InvalidValueException("The id of a new task is a UUID of version 7 (RFC 9562, section 5.7).");
        }
        return id;
    }

    /** Takes the fields of a task; call {@link JsonFields#done()} before their use. */
    public TaskFields fields(JsonFields body) {
        return new TaskFields(
                body.required("title", TaskText::title),
                body.optional("description", TaskText::description),
                body.optional("status", TaskStatus::of).orElse(TaskStatus.TODO),
                body.optional("priority", Priority::of).orElse(Priority.NONE),
                body.optional("due", CalendarTime::of),
                body.optional("start", CalendarTime::of),
                body.optionalSet("labels", MOST, TaskText::label).orElse(List.of()),
                body.optionalSet("assignees", MOST, UuidText::of).orElse(List.of()),
                body.optional("parentId", UuidText::of),
                body.optionalSet("blockedBy", MOST, UuidText::of).orElse(List.of()),
                body.optional("recurrence", Recurrence::of),
                body.optionalSet("reminders", MOST_REMINDERS, Reminder::of).orElse(List.of()));
    }

    /** What {@link #fields} would read. */
    public ObjectNode json(TaskFields fields) {
        return mapper.valueToTree(Writable.of(fields));
    }

    /**
     * The fields with a merge patch applied (RFC 7396): what is left out stays, and what a task can be without goes when it is
     * null.
     *
     * @throws dev.taskplatform.kit.problem.ProblemException 400 naming every field that was wrong
     */
    public TaskFields patched(TaskFields current, ObjectNode patch) {
        ObjectNode merged = json(current);
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            if (field.getValue().isNull() && REMOVABLE.contains(field.getKey())) {
                merged.remove(field.getKey());
            } else {
                merged.set(field.getKey(), field.getValue());
            }
        }
        JsonFields body = new JsonFields(merged);
        TaskFields result = fields(body);
        body.done();
        return result;
    }

    /** The fields as a client would write them; null, and so not in JSON, where there is none. */
    private record Writable(
            String title,
            String description,
            TaskStatus status,
            Priority priority,
            CalendarTime due,
            CalendarTime start,
            List<String> labels,
            List<UUID> assignees,
            UUID parentId,
            List<UUID> blockedBy,
            Recurrence recurrence,
            List<Reminder> reminders) {
        static Writable of(TaskFields fields) {
            return new Writable(
                    fields.title(),
                    fields.description().orElse(null),
                    fields.status(),
                    fields.priority(),
                    fields.due().orElse(null),
                    fields.start().orElse(null),
                    fields.labels(),
                    fields.assignees(),
                    fields.parent().orElse(null),
                    fields.blockedBy(),
                    fields.recurrence().orElse(null),
                    fields.reminders());
        }
    }
}
