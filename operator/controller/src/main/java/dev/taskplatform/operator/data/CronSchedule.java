// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.data;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.taskplatform.operator.api.BackupSpec;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Objects;
import java.util.Optional;

/** Times of day, week and month in a time zone, as cron writes them. */
public final class CronSchedule {

    private final ExecutionTime times;
    private final ZoneId zone;

    private CronSchedule(ExecutionTime times, ZoneId zone) {
        this.times = times;
        this.zone = zone;
    }

    /**
     * @param backup with a schedule
     * @return it
     * @throws IllegalArgumentException saying which part of it is wrong
     */
    public static CronSchedule of(BackupSpec backup) {
        ZoneId zone;
        try {
            zone = ZoneId.of(Objects.requireNonNullElse(backup.timeZone(), "Etc/UTC"));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("there is no time zone " + backup.timeZone(), e);
        }
        var parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
        return new CronSchedule(ExecutionTime.forCron(parser.parse(backup.schedule())), zone);
    }

    /**
     * @param time any time
     * @return the first of the schedule after it; empty when there is none
     */
    Optional<Instant> next(Instant time) {
        return times.nextExecution(ZonedDateTime.ofInstant(time, zone)).map(ZonedDateTime::toInstant);
    }

    /**
     * @param time any time
     * @return the last of the schedule that is not after it; empty when there is none
     */
    Optional<Instant> last(Instant time) {
        return times.lastExecution(ZonedDateTime.ofInstant(time.plusSeconds(1), zone))
                .map(ZonedDateTime::toInstant);
    }
}
