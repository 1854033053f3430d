// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.taskplatform.kit.problem.InvalidValueException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When something is due or starts: a day, wherever one is ({@code full-date} of RFC 3339), or an instant, with or without
 * the zone whose clock it was meant by (RFC 9557): {@code 2026-12-01}, {@code 2026-12-01T10:00:00Z},
 * {@code 2026-12-01T10:00:00+01:00[Europe/Berlin]}.
 *
 * @param text as the client wrote it
 * @param date the day, by the clock that it was meant by
 * @param time absent for a day
 * @param zone absent for a day, and for an instant that names none
 */
public record CalendarTime(String text, LocalDate date, Optional<OffsetDateTime> time, Optional<ZoneId> zone) {
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Pattern DATE_TIME = Pattern.compile(
            "([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2}))"
                    + "(?:\\[([A-Za-z][A-Za-z0-9_+/-]{0,63})])?");
    private static final LocalDate FIRST = LocalDate.of(1, 1, 1);

    /** @throws InvalidValueException when it is none, or its offset is not that of its zone then */
    public static CalendarTime of(String text) {
        try {
            if (DATE.matcher(text).matches()) {
                return new CalendarTime(text, inRange(LocalDate.parse(text)), Optional.empty(), Optional.empty());
            }
            Matcher matcher = DATE_TIME.matcher(text);
            if (matcher.matches()) {
                OffsetDateTime time = OffsetDateTime.parse(matcher.group(1));
                Optional<ZoneId> zone = Optional.ofNullable(matcher.group(2)).map(name -> zone(name, time));
                return new CalendarTime(text, inRange(time.toLocalDate()), Optional.of(time), zone);
            }
        } catch (DateTimeException e) {
            // as below
        }
        throw new InvalidValueException("This must be a day such as 2026-12-01, or a time with its offset and, if need"
                + " be, its zone, such as 2026-12-01T10:00:00+01:00[Europe/Berlin].");
    }

    /** Where it stands among others: the instant, and for a day its first in UTC. */
    public Instant sortKey() {
        return time.map(OffsetDateTime::toInstant)
                .orElseGet(() -> date.atStartOfDay(ZoneOffset.UTC).toInstant())
                .truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    @JsonValue
    public String toString() {
        return text;
    }

    private static LocalDate inRange(LocalDate date) {
        if (date.isBefore(FIRST)) {
            throw new DateTimeException("Before the first year");
        }
        return date;
    }

    private static ZoneId zone(String name, OffsetDateTime time) {
        if (!ZoneId.getAvailableZoneIds().contains(name)) {
            throw new InvalidValueException(
                    "There is no zone %s; take a name such as Europe/Berlin from the IANA database.".formatted(name));
        }
        ZoneId zone = ZoneId.of(name);
        ZoneOffset offset = zone.getRules().getOffset(time.toInstant());
        // RFC 9557, section 3.4: what is inconsistent must not be guessed about.
        if (!offset.equals(time.getOffset())) {
            throw new InvalidValueException(
                    "The clocks of %s are at %s then, not at %s.".formatted(name, offset, time.getOffset()));
        }
        return zone;
    }
}
