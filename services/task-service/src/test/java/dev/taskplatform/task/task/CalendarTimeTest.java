// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taskplatform.kit.problem.InvalidValueException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CalendarTimeTest {
    @ParameterizedTest
    @CsvSource({
        "2026-12-01, 2026-12-01T00:00:00Z",
        "2024-02-29, 2024-02-29T00:00:00Z",
        "2026-12-01T10:00:00Z, 2026-12-01T10:00:00Z",
        "2026-12-01T10:00:00.123456+05:30, 2026-12-01T04:30:00.123456Z",
        "2026-12-01T10:00:00+01:00[Europe/Berlin], 2026-12-01T09:00:00Z",
        "2026-07-01T10:00:00+02:00[Europe/Berlin], 2026-07-01T08:00:00Z",
        "2026-10-25T02:30:00+02:00[Europe/Berlin], 2026-10-25T00:30:00Z",
        "2026-10-25T02:30:00+01:00[Europe/Berlin], 2026-10-25T01:30:00Z",
        "0001-01-01, 0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z, 9999-12-31T23:59:59Z",
    })
    void takesDaysAndTimes(String text, String sortKey) {
        CalendarTime time = CalendarTime.of(text);

        assertThat(time).hasToString(text);
        assertThat(time.sortKey()).hasToString(sortKey);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tomorrow",
                "2026-02-29",
                "2026-13-01",
                "0000-01-01",
                "2026-12-01T10:00:00",
                "2026-12-01T10:00Z",
                "2026-12-01T24:00:00Z",
                "2026-12-01T10:00:00.1234567Z",
                "2026-12-01T10:00:00+19:00",
                "2026-12-01T10:00:00+02:00[Europe/Berlin]",
                "2026-03-29T02:30:00+01:00[Europe/Berlin]",
                "2026-12-01T10:00:00+01:00[Europe/Atlantis]",
                "2026-12-01T10:00:00+01:00[!Europe/Berlin]",
                "2026-12-01T10:00:00+01:00[Europe/Berlin][u-ca=hebrew]",
                "2026-12-01[Europe/Berlin]",
                " 2026-12-01",
                "٢٠٢٦-12-01"
            })
    void refusesWhatIsNeither(String text) {
        assertThatThrownBy(() -> CalendarTime.of(text)).isInstanceOf(InvalidValueException.class);
    }
}
