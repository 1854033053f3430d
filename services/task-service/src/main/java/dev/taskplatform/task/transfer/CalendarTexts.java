// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import com.github.mangstadt.vinnie.VObjectProperty;
import dev.taskplatform.kit.problem.InvalidValueException;
import dev.taskplatform.task.task.CalendarTime;
import dev.taskplatform.task.task.Priority;
import dev.taskplatform.task.task.TaskStatus;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** How values are written in iCalendar (RFC 5545) and in this service. */
final class CalendarTexts {
    private static final DateTimeFormatter DATE = DateTimeFormatter.BASIC_ISO_DATE;
    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss", Locale.ROOT);

    private CalendarTexts() {}

    /** DATE or DATE-TIME; a zone is named by its TZID alone (RFC 7809), and what is smaller than a second is left out. */
    static VObjectProperty property(String name, CalendarTime time) {
        VObjectProperty property = new VObjectProperty(name, "");
        if (time.time().isEmpty()) {
            property.getParameters().put("VALUE", "DATE");
            property.setValue(time.date().format(DATE));
            return property;
        }
        OffsetDateTime instant = time.time().get();
        if (time.zone().isPresent()) {
            property.getParameters().put("TZID", time.zone().get().getId());
            property.setValue(instant.toLocalDateTime().format(LOCAL));
        } else {
            property.setValue(utc(instant.toInstant()));
        }
        return property;
    }

    /** DATE-TIME in UTC. */
    static String utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC).format(LOCAL) + "Z";
    }

    /**
     * What {@link CalendarTime#of} reads. A time without a zone, of which the standard says that it is wherever one is, is
     * taken for one in UTC.
     *
     * @throws InvalidValueException when it is neither DATE nor DATE-TIME, or has a zone that nobody knows
     */
    static String calendarTime(VObjectProperty property) {
        String text = property.getValue().strip();
        try {
            if (!text.contains("T")) {
                return LocalDate.parse(text, DATE).toString();
            }
            if (text.endsWith("Z")) {
                return instant(text).toString();
            }
            LocalDateTime local = LocalDateTime.parse(text, LOCAL);
            String zone = property.getParameters().first("TZID");
            if (zone == null) {
                return local.toInstant(ZoneOffset.UTC).toString();
            }
            ZonedDateTime time = local.atZone(ZoneId.of(zone));
            return "%s[%s]".formatted(time.format(DateTimeFormatter.ISO_OFFSET_DATE_TIME), zone);
        } catch (DateTimeException e) {
            throw new InvalidValueException("%s must be like 20261201, 20261201T100000Z or, with a TZID of the IANA"
                    + " database, 20261201T100000.".formatted(property.getName()));
        }
    }

    /** @throws DateTimeException when it is no DATE-TIME in UTC */
    static Instant instant(String utc) {
        return LocalDateTime.parse(utc.substring(0, utc.length() - 1), LOCAL)
                .toInstant(ZoneOffset.UTC)
                .truncatedTo(ChronoUnit.SECONDS);
    }

    /** STATUS of a VTODO (section 3.8.1.11). */
    static String status(TaskStatus status) {
        return switch (status) {
            case TODO -> "NEEDS-ACTION";
            case IN_PROGRESS -> "IN-PROCESS";
            case DONE -> "COMPLETED";
        };
    }

    /** What was cancelled is as good as done. */
    static TaskStatus status(String text) {
        return switch (text.strip().toUpperCase(Locale.ROOT)) {
            case "IN-PROCESS" -> TaskStatus.IN_PROGRESS;
            case "COMPLETED", "CANCELLED" -> TaskStatus.DONE;
            default -> TaskStatus.TODO;
        };
    }

    /** PRIORITY: 1 is the highest, 5 medium, 0 none (section 3.8.1.9). */
    static String priority(Priority priority) {
        return switch (priority) {
            case NONE -> "0";
            case LOW -> "9";
            case MEDIUM -> "5";
            case HIGH -> "3";
            case URGENT -> "1";
        };
    }

    static Priority priority(String text) {
        return switch (text.strip()) {
            case "1" -> Priority.URGENT;
            case "2", "3", "4" -> Priority.HIGH;
            case "5" -> Priority.MEDIUM;
            case "6", "7", "8", "9" -> Priority.LOW;
            default -> Priority.NONE;
        };
    }
}
