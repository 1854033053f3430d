// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taskplatform.kit.json.JsonFields;
import dev.taskplatform.kit.problem.FieldError;
import dev.taskplatform.kit.problem.InvalidValueException;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.task.task.TaskFields;
import dev.taskplatform.task.task.TaskJson;
import dev.taskplatform.task.transfer.FileItem.BadItem;
import dev.taskplatform.task.transfer.FileItem.TaskItem;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Makes a task of its members, as JSON has them and the other formats are brought to, by the rules of the API. */
final class FileTaskParser {
    private static final Set<String> KNOWN_BETTER =
            Set.of("listId", "createdBy", "updatedAt", "deletedAt", "list", "comments");
    private static final Pattern POSITION = Pattern.compile("[0-9A-Za-z]{1,255}");
    private static final int MAX_REF = 255;

    private final TaskJson tasks;

    FileTaskParser(TaskJson tasks) {
        this.tasks = tasks;
    }

    /**
     * The task, or what is wrong with it.
     *
     * @param members used up by this
     */
    FileItem parse(ObjectNode members, Optional<String> list) {
        members.remove(KNOWN_BETTER);
        JsonFields body = new JsonFields(members);
        Optional<String> ref = body.optional("id", FileTaskParser::ref);
        Optional<String> parent = body.optional("parentId", FileTaskParser::ref);
        List<String> blockedBy = body.optionalSet("blockedBy", TaskJson.MOST, FileTaskParser::ref)
                .orElse(List.of());
        Optional<String> position = body.optional("position", FileTaskParser::position);
        Optional<Instant> completedAt = body.optional("completedAt", FileTaskParser::instant);
        Optional<Instant> createdAt = body.optional("createdAt", FileTaskParser::instant);
        // In a file these are names of its own.
        members.remove(List.of("parentId", "blockedBy"));
        TaskFields fields = tasks.fields(body);
        try {
            body.done();
        } catch (ProblemException e) {
            return new BadItem(e.errors().stream().map(FileTaskParser::reason).collect(Collectors.joining(" ")));
        }
        return new TaskItem(ref, list, fields, parent, blockedBy, position, completedAt, createdAt);
    }

    private static String reason(FieldError error) {
        return error.pointer().substring(1) + ": " + error.detail();
    }

    private static String ref(String text) {
        if (text.isEmpty() || text.length() > MAX_REF) {
            throw new InvalidValueException("An id has 1 to " + MAX_REF + " characters.");
        }
        return text;
    }

    private static String position(String text) {
        if (!POSITION.matcher(text).matches()) {
            throw new InvalidValueException("A position has 1 to 255 letters and digits of ASCII.");
        }
        return text;
    }

    private static Instant instant(String text) {
        try {
            Instant instant = Instant.parse(text).truncatedTo(ChronoUnit.MICROS);
            if (instant.isAfter(Instant.EPOCH.minus(1_000_000, ChronoUnit.DAYS))
                    && instant.isBefore(Instant.EPOCH.plus(1_000_000, ChronoUnit.DAYS))) {
                return instant;
            }
        } catch (DateTimeException e) {
            // as below
        }
        throw new InvalidValueException("This must be an instant such as 2026-12-01T10:00:00Z.");
    }
}
