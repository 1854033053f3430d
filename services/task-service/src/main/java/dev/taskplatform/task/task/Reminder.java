// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.taskplatform.kit.problem.InvalidValueException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * When to remind of a task: an instant, or so long before it is due as a duration of RFC 5545, section 3.3.6 says, such as
 * {@code -PT30M}. A day is due at its first instant in UTC.
 *
 * @param text as the client wrote it
 */
public record Reminder(String text) {
    private static final Pattern DURATION = Pattern.compile("-?P[0-9DTHMS]{2,20}");
    private static final Pattern INSTANT =
            Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]{1,6})?Z");
    private static final Duration EARLIEST = Duration.ofDays(366);

    /** @throws InvalidValueException when it is neither, or the duration is none before */
    public static Reminder of(String text) {
        try {
            if (INSTANT.matcher(text).matches()) {
                Instant.parse(text);
                return new Reminder(text);
            }
            if (DURATION.matcher(text).matches()) {
                Duration offset = Duration.parse(text);
                if (!offset.isPositive() && offset.negated().compareTo(EARLIEST) <= 0) {
                    return new Reminder(text);
                }
            }
        } catch (DateTimeException | ArithmeticException e) {
            // as below
        }
        throw new InvalidValueException(
                "A reminder is an instant such as 2026-12-01T09:00:00Z, or a time before the task is"
                        + " due of up to 366 days, such as -PT30M or -P1D.");
    }

    /** Whether it depends on when the task is due. */
    public boolean isRelative() {
        return text.contains("P");
    }

    /**
     * When to remind.
     *
     * @param due of the task
     * @return empty if that depends on what the task does not have
     */
    public Optional<Instant> at(Optional<CalendarTime> due) {
        return isRelative()
                ? due.map(time -> time.sortKey().plus(Duration.parse(text)))
                : Optional.of(Instant.parse(text).truncatedTo(ChronoUnit.MICROS));
    }

    @Override
    @JsonValue
    public String toString() {
        return text;
    }
}
