// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.taskplatform.kit.problem.InvalidValueException;
import java.util.Locale;
import org.dmfs.rfc5545.recur.Freq;
import org.dmfs.rfc5545.recur.InvalidRecurrenceRuleException;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recur.RecurrenceRule.RfcMode;

/**
 * When a task comes again: the value of an RRULE (RFC 5545, section 3.3.10), such as {@code FREQ=WEEKLY;BYDAY=MO}.
 *
 * @param text as the client wrote it, in capitals
 */
public record Recurrence(String text) {
    private static final int MAX_LENGTH = 500;
    private static final int MAX_INTERVAL = 1_000;
    private static final int MAX_COUNT = 10_000;

    /** @throws InvalidValueException when it is none, or comes more often than every hour */
    public static Recurrence of(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new InvalidValueException("A recurrence has up to %d characters.".formatted(MAX_LENGTH));
        }
        Recurrence recurrence = new Recurrence(text.strip().toUpperCase(Locale.ROOT));
        RecurrenceRule rule;
        try {
            rule = new RecurrenceRule(recurrence.text, RfcMode.RFC5545_STRICT);
        } catch (InvalidRecurrenceRuleException | IllegalArgumentException e) {
            throw new InvalidValueException(
                    "This must be the value of an RRULE of RFC 5545, such as FREQ=WEEKLY;BYDAY=MO: " + e.getMessage());
        }
        if (rule.getFreq() == Freq.SECONDLY || rule.getFreq() == Freq.MINUTELY) {
            throw new InvalidValueException(
                    "A task comes again every hour at most; take FREQ=HOURLY, DAILY or longer.");
        }
        if (rule.getInterval() > MAX_INTERVAL || rule.getCount() != null && rule.getCount() > MAX_COUNT) {
            throw new InvalidValueException(
                    "INTERVAL is up to %d, and COUNT up to %d.".formatted(MAX_INTERVAL, MAX_COUNT));
        }
        return recurrence;
    }

    /** Whether it can come more than once a day. */
    public boolean isHourly() {
        return rule().getFreq() == Freq.HOURLY;
    }

    /** The rule, to calculate with. */
    public RecurrenceRule rule() {
        try {
            return new RecurrenceRule(text, RfcMode.RFC5545_STRICT);
        } catch (InvalidRecurrenceRuleException e) {
            throw new IllegalStateException("It was read before", e);
        }
    }

    @Override
    @JsonValue
    public String toString() {
        return text;
    }
}
