// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.mangstadt.vinnie.VObjectProperty;
import com.github.mangstadt.vinnie.io.Context;
import com.github.mangstadt.vinnie.io.SyntaxRules;
import com.github.mangstadt.vinnie.io.VObjectDataListener;
import com.github.mangstadt.vinnie.io.VObjectPropertyValues;
import com.github.mangstadt.vinnie.io.VObjectReader;
import com.github.mangstadt.vinnie.io.Warning;
import dev.taskplatform.kit.problem.InvalidValueException;
import dev.taskplatform.task.transfer.FileItem.BadItem;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.Locale;
import java.util.Optional;

/** Reads the VTODOs of an iCalendar file; other components are passed over. */
final class CalendarItemReader implements ItemReader {
    private final BoundedReader file;
    private final ObjectMapper mapper;
    private final FileTaskParser tasks;
    private final VObjectReader reader;
    private boolean isCalendar;

    CalendarItemReader(BoundedReader file, ObjectMapper mapper, FileTaskParser tasks) {
        this.file = file;
        this.mapper = mapper;
        this.tasks = tasks;
        this.reader = new VObjectReader(file, SyntaxRules.iCalendar());
    }

    @Override
    public Optional<FileItem> next() throws MalformedFileException, IOException {
        file.item();
        Todo todo = new Todo();
        reader.parse(todo);
        if (!isCalendar) {
            throw new MalformedFileException("The file must begin with BEGIN:VCALENDAR.");
        }
        return todo.ended
                ? Optional.of(
                        todo.wrong == null ? tasks.parse(todo.members, Optional.empty()) : new BadItem(todo.wrong))
                : Optional.empty();
    }

    /** Gathers one VTODO, and then has the reader stop. */
    private final class Todo implements VObjectDataListener {
        private final ObjectNode members = mapper.createObjectNode();
        private boolean ended;
        private String wrong;

        @Override
        public void onComponentBegin(String name, Context context) {
            isCalendar |= name.equalsIgnoreCase("VCALENDAR");
        }

        @Override
        public void onComponentEnd(String name, Context context) {
            file.item();
            if (name.equalsIgnoreCase("VTODO")) {
                ended = true;
                context.stop();
            }
        }

        @Override
        public void onProperty(VObjectProperty property, Context context) {
            String component = context.getParentComponents().isEmpty()
                    ? ""
                    : context.getParentComponents().getLast().toUpperCase(Locale.ROOT);
            try {
                switch (component) {
                    case "VTODO" -> take(property);
                    case "VALARM" -> takeOfAlarm(property);
                    default -> {
                        // Of a component that is no task.
                    }
                }
            } catch (InvalidValueException e) {
                wrong = e.getMessage();
            }
        }

        private void take(VObjectProperty property) {
            String value = property.getValue();
            switch (property.getName().toUpperCase(Locale.ROOT)) {
                case "UID" -> members.put("id", value);
                case "SUMMARY" -> members.put("title", VObjectPropertyValues.unescape(value));
                case "DESCRIPTION" -> members.put("description", VObjectPropertyValues.unescape(value));
                case "STATUS" ->
                    members.put("status", CalendarTexts.status(value).text());
                case "PRIORITY" ->
                    members.put("priority", CalendarTexts.priority(value).text());
                case "DUE" -> members.put("due", CalendarTexts.calendarTime(property));
                case "DTSTART" -> members.put("start", CalendarTexts.calendarTime(property));
                case "COMPLETED" -> members.put("completedAt", CalendarTexts.calendarTime(property));
                case "CREATED" -> members.put("createdAt", CalendarTexts.calendarTime(property));
                case "CATEGORIES" ->
                    VObjectPropertyValues.parseList(value)
                            .forEach(
                                    label -> members.withArrayProperty("labels").add(label));
                case "RRULE" -> members.put("recurrence", value);
                case "RELATED-TO" -> relate(property);
                default -> {
                    // Nothing that a task has here.
                }
            }
        }

        private void relate(VObjectProperty property) {
            String type = property.getParameters().first("RELTYPE");
            if (type == null || type.equalsIgnoreCase("PARENT")) {
                members.put("parentId", property.getValue());
            } else if (type.equalsIgnoreCase("DEPENDS-ON")) {
                members.withArrayProperty("blockedBy").add(property.getValue());
            }
        }

        private void takeOfAlarm(VObjectProperty property) {
            if (!property.getName().equalsIgnoreCase("TRIGGER") || !members.has("id")) {
                return;
            }
            String value = property.getValue().strip();
            if (value.contains("P")) {
                members.withArrayProperty("reminders").add(value);
                return;
            }
            try {
                members.withArrayProperty("reminders")
                        .add(CalendarTexts.instant(value).toString());
            } catch (DateTimeException | StringIndexOutOfBoundsException e) {
                wrong = "TRIGGER must be a duration such as -PT30M or a time in UTC such as 20261201T100000Z.";
            }
        }

        @Override
        public void onVersion(String value, Context context) {
            // 2.0, as nearly all are; others differ in what is not read here.
        }

        @Override
        public void onWarning(Warning warning, VObjectProperty property, Exception thrown, Context context) {
            wrong = "Line %d: %s".formatted(context.getLineNumber(), warning.getMessage());
        }
    }
}
