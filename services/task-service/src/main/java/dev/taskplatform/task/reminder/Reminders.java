// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.reminder;

import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.task.reminder.ReminderRepository.Due;
import dev.taskplatform.task.task.Reminder;
import dev.taskplatform.task.task.Task;
import dev.taskplatform.task.task.TaskChange;
import dev.taskplatform.task.task.TaskListener;
import dev.taskplatform.task.task.TaskStatus;
import dev.taskplatform.task.task.TaskWrites;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps in mind what is to be reminded of, and does so when the time has come. */
public final class Reminders implements TaskListener {
    private static final Logger LOGGER = System.getLogger(Reminders.class.getName());

    private static final int AT_ONCE = 100;

    /** Of what is older, as after a long outage, nobody wants to be reminded any more. */
    private static final Duration LATEST = Duration.ofDays(1);

    private final ReminderRepository repository;
    private final ReminderSink sink;
    private final Transactions transactions;
    private final Clock clock;

    /** Collaborators. */
    public Reminders(ReminderRepository repository, ReminderSink sink, Transactions transactions, Clock clock) {
        this.repository = repository;
        this.sink = sink;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public void changed(TaskChange change, TaskWrites writes) {
        Task after = change.after();
        boolean isSame = change.before()
                .filter(before -> before.isThere() == after.isThere()
                        && before.fields().status() == after.fields().status()
                        && before.fields().due().equals(after.fields().due())
                        && before.fields().reminders().equals(after.fields().reminders()))
                .isPresent();
        boolean hasNone =
                change.before().isEmpty() && after.fields().reminders().isEmpty();
        if (!isSame && !hasNone) {
            repository.put(after.id(), coming(after));
        }
    }

    /** What is over when it is written is not reminded of: who wrote it knows. */
    private static Map<Reminder, Instant> coming(Task task) {
        Map<Reminder, Instant> coming = new HashMap<>();
        if (task.isThere() && task.fields().status() != TaskStatus.DONE) {
            for (Reminder reminder : task.fields().reminders()) {
                reminder.at(task.fields().due())
                        .filter(time -> time.isAfter(task.updatedAt()))
                        .ifPresent(time -> coming.put(reminder, time));
            }
        }
        return coming;
    }

    /** Reminds of all whose time has come. */
    public void remind() {
        int found;
        do {
            found = transactions.inTransaction(() -> {
                Instant now = clock.instant();
                List<Due> due = repository.take(now, AT_ONCE);
                due.forEach(one -> remind(one, now));
                return due.size();
            });
        } while (found == AT_ONCE && !Thread.currentThread().isInterrupted());
    }

    private void remind(Due due, Instant now) {
        if (due.at().isBefore(now.minus(LATEST))) {
            LOGGER.log(
                    Level.WARNING,
                    "A reminder of {0} for {1} came too late to be sent",
                    due.task().id(),
                    due.at());
        } else {
            sink.remind(due.task(), due.reminder());
        }
    }
}
