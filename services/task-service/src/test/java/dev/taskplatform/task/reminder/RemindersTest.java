// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.reminder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.kit.json.Json;
import dev.taskplatform.kit.problem.InvalidValueException;
import dev.taskplatform.task.change.ChangeClock;
import dev.taskplatform.task.list.DatabaseListRepository;
import dev.taskplatform.task.list.TaskList;
import dev.taskplatform.task.task.CalendarTime;
import dev.taskplatform.task.task.DatabaseTaskRepository;
import dev.taskplatform.task.task.Priority;
import dev.taskplatform.task.task.Reminder;
import dev.taskplatform.task.task.Task;
import dev.taskplatform.task.task.TaskChange;
import dev.taskplatform.task.task.TaskFields;
import dev.taskplatform.task.task.TaskRepository;
import dev.taskplatform.task.task.TaskStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each reminder once, in its time, whatever the database. */
@OnEveryDatabase
class RemindersTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final UUID user = UUID.randomUUID();
    private final DatabaseUnderTest underTest;
    private Database database;
    private TaskRepository tasks;
    private Reminders reminders;

    RemindersTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @BeforeEach
    void open() {
        database = underTest.open();
        InstantSource source = now::get;
        Clock clock = source.withZone(ZoneOffset.UTC);
        tasks = new DatabaseTaskRepository(database, Json.mapper());
        reminders = new Reminders(
                new ReminderRepository(database, Json.mapper()),
                (task, reminder) -> told.add(task.fields().title() + " " + reminder),
                database,
                clock);
        new DatabaseListRepository(database, new ChangeClock(database))
                .add(new TaskList(user, "Inbox", true, 1, NOON, NOON), user);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void remindsWhenTheTimeHasComeAndOnce() {
        add("t", "2026-03-01T14:00:00Z", "-PT1H", "2026-03-01T13:30:00Z", "-P1D");

        reminders.remind();
        assertThat(told).isEmpty();
        now.set(NOON.plus(Duration.ofHours(1)));
        reminders.remind();
        reminders.remind();
        assertThat(told).containsExactly("t -PT1H");
        now.set(NOON.plus(Duration.ofHours(2)));
        reminders.remind();
        assertThat(told).containsExactly("t -PT1H", "t 2026-03-01T13:30:00Z");
    }

    @Test
    void remindsNotOfWhatIsDoneDeletedOrDueAtAnotherTime() {
        Task done = add("done", "2026-03-01T14:00:00Z", "PT0S");
        change(done, done.with(done.fields().withStatus(TaskStatus.DONE), NOON));
        Task deleted = add("deleted", "2026-03-01T14:00:00Z", "PT0S");
        change(deleted, deleted.deleted(NOON));
        Task later = add("later", "2026-03-01T14:00:00Z", "PT0S");
        change(later, later.with(fields("later", "2026-03-01T16:00:00Z", "PT0S"), NOON));

        now.set(NOON.plus(Duration.ofHours(3)));
        reminders.remind();
        assertThat(told).isEmpty();
        now.set(NOON.plus(Duration.ofHours(4)));
        reminders.remind();
        assertThat(told).containsExactly("later PT0S");
    }

    @Test
    void remindsNotOfWhatIsLongOver() {
        add("t", "2026-03-01T14:00:00Z", "PT0S");
        now.set(NOON.plus(Duration.ofDays(2)));
        reminders.remind();
        now.set(NOON.plus(Duration.ofHours(3)));
        reminders.remind();
        assertThat(told).isEmpty();
    }

    @Test
    void remindsOnceFromManyReplicas() throws Exception {
        for (int i = 0; i < 20; i++) {
            add("t" + i, "2026-03-01T14:00:00Z", "PT0S");
        }
        now.set(NOON.plus(Duration.ofHours(3)));
        List<Callable<Void>> replicas = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            replicas.add(() -> {
                reminders.remind();
                return null;
            });
        }
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> done : executor.invokeAll(replicas)) {
                done.get();
            }
        }
        reminders.remind();
        assertThat(told).hasSize(20).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "soon", "PT5M", "-P367D", "P", "-PT", "2026-03-01", "2026-13-01T00:00:00Z", "-P9999999999D"})
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> Reminder.of(text)).isInstanceOf(InvalidValueException.class);
    }

    private Task add(String title, String due, String... wanted) {
        Task task = Task.create(UUID.randomUUID(), user, user, fields(title, due, wanted), NOON);
        tasks.add(task);
        reminders.changed(new TaskChange(Optional.empty(), task, Optional.of(user)), null);
        return task;
    }

    private void change(Task before, Task after) {
        tasks.update(before, after);
        reminders.changed(new TaskChange(Optional.of(before), after, Optional.of(user)), null);
    }

    private static TaskFields fields(String title, String due, String... wanted) {
        return new TaskFields(
                title,
                Optional.empty(),
                TaskStatus.TODO,
                Priority.NONE,
                Optional.of(CalendarTime.of(due)),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                List.of(wanted).stream().map(Reminder::of).toList());
    }
}
