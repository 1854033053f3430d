// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.kit.id.UuidGenerator;
import dev.taskplatform.kit.json.Json;
import dev.taskplatform.task.change.ChangeClock;
import dev.taskplatform.task.list.DatabaseListRepository;
import dev.taskplatform.task.list.ListRole;
import dev.taskplatform.task.list.TaskList;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the service relies on, whatever the database. */
@OnEveryDatabase
class TaskRepositoryTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");
    private static final Instant LATER = NOON.plusSeconds(60);

    private final UuidGenerator ids = new UuidGenerator(Clock.systemUTC(), new Random(1));
    private final UUID user = UUID.randomUUID();
    private final DatabaseUnderTest underTest;
    private Database database;
    private TaskRepository repository;

    TaskRepositoryTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @BeforeEach
    void open() {
        database = underTest.open();
        repository = new DatabaseTaskRepository(database, Json.mapper());
        inbox(user);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void findsATaskAsItWasAdded() {
        Task plain = add(TaskFields.of("naïve 🙂"));
        Task hostile = add(TaskFields.of("'; DROP TABLE task; --").describedAs(""));
        Task full = add(everything());

        for (Task task : List.of(plain, hostile, full)) {
            assertThat(repository.find(user, task.id())).contains(new VisibleTask(task, ListRole.OWNER));
        }
    }

    @Test
    void keepsTheLongestTexts() {
        Task task =
                add(TaskFields.of("🙂".repeat(TaskText.MAX_TITLE)).describedAs("🙂".repeat(TaskText.MAX_DESCRIPTION)));

        assertThat(find(task.id())).contains(task);
    }

    @Test
    void hidesTasksOfOthersLists() {
        Task task = add(TaskFields.of("mine"));
        UUID other = UUID.randomUUID();
        inbox(other);

        assertThat(repository.find(other, task.id())).isEmpty();
        assertThat(repository.lock(other, task.id())).isEmpty();
    }

    @Test
    void findsWhatIsInTheTrash() {
        Task task = add(TaskFields.of("gone"));
        Task deleted = task.deleted(LATER).changed(LATER);
        repository.update(task, deleted);

        assertThat(find(task.id())).contains(deleted);
    }

    @Test
    void writesAllOfATask() {
        Task full = add(everything());
        Task other = add(TaskFields.of("other"));
        Task bare = full.with(TaskFields.of("bare").withStatus(TaskStatus.DONE), LATER)
                .changed(LATER);
        repository.update(full, bare);
        Task again = other.with(everything(), LATER).changed(LATER);
        repository.update(other, again);

        assertThat(find(full.id())).contains(bare);
        assertThat(bare.completedAt()).contains(LATER);
        assertThat(find(other.id())).contains(again);
        assertThat(indexed("task_label")).isEqualTo(2);
        assertThat(indexed("task_assignee")).isEqualTo(1);
    }

    @Test
    void tellsWhetherAListHasMoreThanItMay() {
        Task first = add(TaskFields.of("1"));
        add(TaskFields.of("2"));

        assertThat(repository.hasMoreThan(user, 1)).isTrue();
        assertThat(repository.hasMoreThan(user, 2)).isFalse();
        repository.update(first, first.deleted(LATER).changed(LATER));
        assertThat(repository.hasMoreThan(user, 1)).isFalse();
    }

    @Test
    void removesTheTasksOfAListSomeAtATime() {
        Stream.generate(() -> add(everything())).limit(5).toList();

        assertThat(repository.removeSome(user, 3)).isEqualTo(3);
        assertThat(repository.removeSome(user, 3)).isEqualTo(2);
        assertThat(repository.removeSome(user, 3)).isZero();
        assertThat(indexed("task_label")).isZero();
    }

    private TaskFields everything() {
        return new TaskFields(
                "full",
                Optional.of("description"),
                TaskStatus.IN_PROGRESS,
                Priority.HIGH,
                Optional.of(CalendarTime.of("2026-12-01T10:00:00.5+01:00[Europe/Berlin]")),
                Optional.of(CalendarTime.of("2026-11-30")),
                List.of("home", "a \"quoted\" one"),
                List.of(user),
                Optional.of(ids.next()),
                List.of(),
                Optional.of(Recurrence.of("FREQ=DAILY")),
                List.of(Reminder.of("-PT30M")));
    }

    private Task add(TaskFields fields) {
        Task task = Task.create(ids.next(), user, user, fields, NOON);
        repository.add(task);
        return task;
    }

    private Optional<Task> find(UUID id) {
        return repository.find(user, id).map(VisibleTask::task);
    }

    private void inbox(UUID owner) {
        new DatabaseListRepository(database, new ChangeClock(database))
                .add(new TaskList(owner, "Inbox", true, 1, NOON, NOON), owner);
    }

    private int indexed(String table) {
        return database.read(handle -> handle.createQuery("SELECT count(*) FROM " + table + " i JOIN task t ON"
                        + " t.id = i.task_id WHERE t.list_id = :list")
                .bind("list", user)
                .mapTo(Integer.class)
                .one());
    }
}
