// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.recurrence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taskplatform.kit.problem.InvalidValueException;
import dev.taskplatform.task.task.CalendarTime;
import dev.taskplatform.task.task.Recurrence;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OccurrencesTest {
    private static final Instant LONG_AGO = Instant.EPOCH;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            FREQ=DAILY                          | 2026-03-28                                | 2026-03-29
            FREQ=WEEKLY;BYDAY=MO,WE             | 2026-03-02                                | 2026-03-04
            FREQ=WEEKLY;BYDAY=MO,WE             | 2026-03-04                                | 2026-03-09
            FREQ=MONTHLY;BYMONTHDAY=31          | 2026-03-31                                | 2026-05-31
            FREQ=MONTHLY;BYDAY=-1FR             | 2026-03-27                                | 2026-04-24
            FREQ=YEARLY                         | 2024-02-29                                | 2028-02-29
            FREQ=DAILY                          | 2026-03-28T10:00:00+01:00[Europe/Berlin]  | 2026-03-29T10:00:00+02:00[Europe/Berlin]
            FREQ=DAILY                          | 2026-10-24T10:00:00+02:00[Europe/Berlin]  | 2026-10-25T10:00:00+01:00[Europe/Berlin]
            FREQ=DAILY                          | 2026-03-28T10:00:00+01:00                 | 2026-03-29T10:00:00+01:00
            FREQ=DAILY                          | 2026-03-28T10:00:00Z                      | 2026-03-29T10:00:00Z
            FREQ=HOURLY;INTERVAL=6              | 2026-03-28T22:00:00Z                      | 2026-03-29T04:00:00Z
            freq=weekly                         | 2026-03-02                                | 2026-03-09
            """)
    void findsTheNext(String rule, String due, String next) {
        assertThat(Occurrences.after(CalendarTime.of(due), Recurrence.of(rule), LONG_AGO)
                        .orElseThrow()
                        .time())
                .hasToString(next);
    }

    @Test
    void passesOverWhatWasMissed() {
        Instant now = Instant.parse("2026-03-10T12:00:00Z");
        assertThat(next("FREQ=DAILY", "2026-03-01", now)).isEqualTo("2026-03-10");
        assertThat(next("FREQ=HOURLY", "2024-06-01T00:00:00Z", now)).isEqualTo("2026-03-10T12:00:00Z");
    }

    @Test
    void countsDown() {
        Recurrence thrice = Recurrence.of("FREQ=DAILY;COUNT=3");
        Occurrences.Next second = Occurrences.after(CalendarTime.of("2026-03-01"), thrice, LONG_AGO)
                .orElseThrow();
        assertThat(second.rest().orElseThrow().text()).contains("COUNT=2");
        Occurrences.Next third = Occurrences.after(second.time(), second.rest().orElseThrow(), LONG_AGO)
                .orElseThrow();
        assertThat(third.time()).hasToString("2026-03-03");
        assertThat(Occurrences.after(third.time(), third.rest().orElseThrow(), LONG_AGO))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "FREQ=DAILY;UNTIL=20260301, 2026-03-01",
        "FREQ=DAILY;COUNT=1, 2026-03-01",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30, 2026-03-01",
    })
    void comesToAnEnd(String rule, String due) {
        assertThat(Occurrences.after(CalendarTime.of(due), Recurrence.of(rule), LONG_AGO))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "daily",
                "FREQ=NEVER",
                "FREQ=SECONDLY",
                "FREQ=MINUTELY;COUNT=1000000",
                "FREQ=DAILY;COUNT=1000000",
                "FREQ=DAILY;INTERVAL=100000",
                "FREQ=DAILY;COUNT=2;UNTIL=20260301",
                "FREQ=DAILY;BYDAY=XX",
                "RRULE:FREQ=DAILY"
            })
    void refusesRules(String rule) {
        assertThatThrownBy(() -> Recurrence.of(rule)).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> Recurrence.of("FREQ=DAILY;BYDAY=" + "MO,".repeat(200) + "MO"))
                .isInstanceOf(InvalidValueException.class);
    }

    private static String next(String rule, String due, Instant now) {
        return Occurrences.after(CalendarTime.of(due), Recurrence.of(rule), now)
                .orElseThrow()
                .time()
                .text();
    }
}
