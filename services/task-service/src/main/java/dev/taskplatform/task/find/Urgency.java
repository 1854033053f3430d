// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.find;

import dev.taskplatform.task.task.CalendarTime;
import dev.taskplatform.task.task.Priority;
import dev.taskplatform.task.task.Task;
import dev.taskplatform.task.task.TaskStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How urgent a task is: the sum of its parts, each of which grows with one thing alone.
 *
 * @param priority 0, 2, 4, 7 or 10, from none to urgent
 * @param due 12 from a week after it was due, 2.4 until two weeks before, evenly between, and 0 if it is not due
 * @param progress 4 if somebody has begun
 * @param age up to 2, evenly over a year
 */
record Urgency(double priority, double due, double progress, double age) {
    static final double PROGRESS = 4;

    private static final double[] PRIORITIES = {0, 2, 4, 7, 10};
    private static final double DUE_MOST = 12;
    private static final double DUE_LEAST = 2.4;
    private static final double DAYS_BEFORE = 14;
    private static final double DAYS_AFTER = 7;
    private static final double AGE = 2;
    private static final double YEAR = 365;

    static Urgency of(Task task, Instant now) {
        return new Urgency(
                ofPriority(task.fields().priority()),
                ofDue(task.fields().due().map(CalendarTime::sortKey), now),
                task.fields().status() == TaskStatus.IN_PROGRESS ? PROGRESS : 0,
                ofAge(task.createdAt(), now));
    }

    double sum() {
        return priority + due + progress + age;
    }

    static double ofPriority(Priority priority) {
        return PRIORITIES[priority.ordinal()];
    }

    static double ofDue(Optional<Instant> due, Instant now) {
        return due.map(time -> {
                    double daysAfter = days(Duration.between(time, now));
                    double part = (daysAfter + DAYS_BEFORE) / (DAYS_BEFORE + DAYS_AFTER);
                    return DUE_LEAST + (DUE_MOST - DUE_LEAST) * Math.clamp(part, 0.0, 1.0);
                })
                .orElse(0.0);
    }

    static double ofAge(Instant created, Instant now) {
        return AGE * Math.clamp(days(Duration.between(created, now)) / YEAR, 0.0, 1.0);
    }

    private static double days(Duration duration) {
        return duration.toSeconds() / (double) Duration.ofDays(1).toSeconds();
    }
}
