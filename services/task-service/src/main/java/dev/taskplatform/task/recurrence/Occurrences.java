// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.recurrence;

import dev.taskplatform.task.task.CalendarTime;
import dev.taskplatform.task.task.Recurrence;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.TimeZone;
import org.dmfs.rfc5545.DateTime;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recur.RecurrenceRuleIterator;

/** What comes after an occurrence. */
final class Occurrences {
    /** Missed ones that are passed over at most; about two years of hours. */
    private static final int MOST_PASSED = 20_000;

    private Occurrences() {}

    /**
     * The next occurrence.
     *
     * @param time of the one that is done
     * @param rest of the rule from there on; empty when it is the last
     */
    record Next(CalendarTime time, Optional<Recurrence> rest) {}

    /**
     * The first occurrence after this one that is not over yet: what was missed is not made up for. By the clock of the zone, so
     * that ten o'clock stays ten o'clock.
     *
     * @param done the occurrence that is done
     * @return empty when there is none any more
     */
    static Optional<Next> after(CalendarTime done, Recurrence recurrence, Instant now) {
        try {
            return find(done, recurrence.rule(), now);
        } catch (IllegalArgumentException e) {
            // The library found out, after a while, that it never comes again, as the 30th of February.
            return Optional.empty();
        }
    }

    private static Optional<Next> find(CalendarTime done, RecurrenceRule rule, Instant now) {
        RecurrenceRuleIterator iterator = rule.iterator(dateTime(done));
        for (int passed = 0; passed < MOST_PASSED && iterator.hasNext(); passed++) {
            CalendarTime time = calendarTime(iterator.nextDateTime(), done);
            if (time.sortKey().isAfter(done.sortKey()) && !isOver(time, now)) {
                return Optional.of(new Next(time, rest(rule, passed)));
            }
        }
        return Optional.empty();
    }

    private static boolean isOver(CalendarTime time, Instant now) {
        return time.time().isPresent()
                ? time.sortKey().isBefore(now)
                : time.date().isBefore(now.atZone(ZoneOffset.UTC).toLocalDate());
    }

    private static Optional<Recurrence> rest(RecurrenceRule rule, int used) {
        if (rule.getCount() == null) {
            return Optional.of(new Recurrence(rule.toString()));
        }
        int left = rule.getCount() - Math.max(1, used);
        if (left <= 0) {
            return Optional.empty();
        }
        rule.setCount(left);
        return Optional.of(new Recurrence(rule.toString()));
    }

    private static DateTime dateTime(CalendarTime time) {
        if (time.time().isEmpty()) {
            LocalDate date = time.date();
            return new DateTime(date.getYear(), date.getMonthValue() - 1, date.getDayOfMonth());
        }
        LocalDateTime local = time.time().get().toLocalDateTime();
        return new DateTime(
                TimeZone.getTimeZone(zone(time)),
                local.getYear(),
                local.getMonthValue() - 1,
                local.getDayOfMonth(),
                local.getHour(),
                local.getMinute(),
                local.getSecond());
    }

    private static ZoneId zone(CalendarTime time) {
        return time.zone().orElseGet(() -> time.time().orElseThrow().getOffset());
    }

    private static CalendarTime calendarTime(DateTime next, CalendarTime like) {
        if (like.time().isEmpty()) {
            return CalendarTime.of(LocalDate.of(next.getYear(), next.getMonth() + 1, next.getDayOfMonth())
                    .toString());
        }
        ZonedDateTime time = LocalDateTime.of(
                        next.getYear(),
                        next.getMonth() + 1,
                        next.getDayOfMonth(),
                        next.getHours(),
                        next.getMinutes(),
                        next.getSeconds())
                .atZone(zone(like));
        OffsetDateTime instant = time.toOffsetDateTime();
        String zone = like.zone().map(id -> "[" + id.getId() + "]").orElse("");
        return CalendarTime.of(instant.format(DateTimeFormatter.ISO_OFFSET_DATE_TIME) + zone);
    }
}
