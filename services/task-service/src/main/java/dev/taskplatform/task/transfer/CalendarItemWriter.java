// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import com.github.mangstadt.vinnie.SyntaxStyle;
import com.github.mangstadt.vinnie.VObjectProperty;
import com.github.mangstadt.vinnie.io.VObjectPropertyValues;
import com.github.mangstadt.vinnie.io.VObjectWriter;
import dev.taskplatform.task.list.TaskList;
import dev.taskplatform.task.task.Reminder;
import dev.taskplatform.task.task.TaskView;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/** Writes each task as a VTODO (RFC 5545, section 3.6.2). Lists are not written. */
final class CalendarItemWriter implements ItemWriter {
    private final VObjectWriter out;
    private final Instant now;

    CalendarItemWriter(OutputStream out, Instant now) throws IOException {
        this.out = new VObjectWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), SyntaxStyle.NEW);
        this.now = now;
        this.out.writeBeginComponent("VCALENDAR");
        this.out.writeVersion("2.0");
        this.out.writeProperty("PRODID", "-//TaskPlatform//task-service//EN");
    }

    @Override
    public void list(TaskList list) {
        // A VTODO knows no lists.
    }

    @Override
    public void task(TaskView task) throws IOException {
        out.writeBeginComponent("VTODO");
        out.writeProperty("UID", task.id().toString());
        out.writeProperty("DTSTAMP", CalendarTexts.utc(now));
        out.writeProperty("CREATED", CalendarTexts.utc(task.createdAt()));
        out.writeProperty("LAST-MODIFIED", CalendarTexts.utc(task.updatedAt()));
        text("SUMMARY", task.title());
        if (task.description() != null) {
            text("DESCRIPTION", task.description());
        }
        out.writeProperty("STATUS", CalendarTexts.status(task.status()));
        out.writeProperty("PRIORITY", CalendarTexts.priority(task.priority()));
        if (task.due() != null) {
            out.writeProperty(CalendarTexts.property("DUE", task.due()));
        }
        if (task.start() != null) {
            out.writeProperty(CalendarTexts.property("DTSTART", task.start()));
        }
        if (task.completedAt() != null) {
            out.writeProperty("COMPLETED", CalendarTexts.utc(task.completedAt()));
        }
        if (!task.labels().isEmpty()) {
            out.writeProperty("CATEGORIES", VObjectPropertyValues.writeList(task.labels()));
        }
        if (task.recurrence() != null) {
            out.writeProperty("RRULE", task.recurrence().text());
        }
        if (task.parentId() != null) {
            related("PARENT", task.parentId());
        }
        for (UUID blocker : task.blockedBy()) {
            // RFC 9253, section 5.
            related("DEPENDS-ON", blocker);
        }
        for (Reminder reminder : task.reminders()) {
            alarm(reminder, task.title());
        }
        out.writeEndComponent("VTODO");
    }

    private void text(String name, String value) throws IOException {
        out.writeProperty(name, VObjectPropertyValues.escape(value));
    }

    private void related(String type, UUID id) throws IOException {
        VObjectProperty property = new VObjectProperty("RELATED-TO", id.toString());
        property.getParameters().put("RELTYPE", type);
        out.writeProperty(property);
    }

    private void alarm(Reminder reminder, String title) throws IOException {
        VObjectProperty trigger = new VObjectProperty("TRIGGER", reminder.text());
        if (reminder.isRelative()) {
            // The end of a VTODO is when it is due (RFC 5545, section 3.8.6.3).
            trigger.getParameters().put("RELATED", "END");
        } else {
            trigger.getParameters().put("VALUE", "DATE-TIME");
            trigger.setValue(CalendarTexts.utc(Instant.parse(reminder.text())));
        }
        out.writeBeginComponent("VALARM");
        out.writeProperty("ACTION", "DISPLAY");
        text("DESCRIPTION", title);
        out.writeProperty(trigger);
        out.writeEndComponent("VALARM");
    }

    @Override
    public void close() throws IOException {
        out.writeEndComponent("VCALENDAR");
        out.flush();
    }
}
