// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.kit.id.UuidGenerator;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the service relies on, whatever the database. */
@OnEveryDatabase
class TaskRepositoryTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");
    private static final Instant LATER = NOON.plusSeconds(60);
    private static final Optional<Set<Long>> ANY_VERSION = Optional.empty();
    private static final TaskPatch NOTHING = new TaskPatch(Optional.empty(), Optional.empty(), false, Optional.empty());

    private final UuidGenerator ids = new UuidGenerator(Clock.systemUTC(), new Random(1));
    private final UUID owner = UUID.randomUUID();
    private final DatabaseUnderTest underTest;
    private Database database;
    private TaskRepository repository;

    TaskRepositoryTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @BeforeEach
    void open() {
        database = underTest.open();
        repository = new DatabaseTaskRepository(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void findsATaskAsItWasAdded() {
        Task plain = add(task("naïve 🙂", Optional.empty(), TaskStatus.TODO));
        Task full = add(task("'; DROP TABLE task; --", Optional.of(""), TaskStatus.IN_PROGRESS));

        assertThat(repository.find(owner, plain.id())).contains(plain);
        assertThat(repository.find(owner, full.id())).contains(full);
    }

    @Test
    void keepsTheLongestTexts() {
        Task task = add(task(
                "🙂".repeat(TaskText.MAX_TITLE), Optional.of("🙂".repeat(TaskText.MAX_DESCRIPTION)), TaskStatus.TODO));

        assertThat(repository.find(owner, task.id())).contains(task);
    }

    @Test
    void hidesAnothersTasks() throws Exception {
        Task task = add(task("mine", Optional.empty(), TaskStatus.TODO));
        UUID other = UUID.randomUUID();

        assertThat(repository.find(other, task.id())).isEmpty();
        assertThat(repository.list(other, Optional.empty(), Optional.empty(), 10))
                .isEmpty();
        assertThat(repository.change(other, task.id(), NOTHING, ANY_VERSION, LATER))
                .isEmpty();
        assertThat(repository.change(other, task.id(), NOTHING, Optional.of(Set.of(1L)), LATER))
                .isEmpty();
        assertThat(repository.change(other, task.id(), NOTHING, Optional.of(Set.of(2L)), LATER))
                .isEmpty();
        assertThat(repository.remove(other, task.id(), ANY_VERSION)).isFalse();
        assertThat(repository.remove(other, task.id(), Optional.of(Set.of(2L)))).isFalse();
        assertThat(repository.find(owner, task.id())).contains(task);
    }

    @Test
    void listsInTheOrderOfCreation() {
        List<Task> all = addMany(5);

        assertThat(repository.list(owner, Optional.empty(), Optional.empty(), 10))
                .isEqualTo(all);
        assertThat(repository.list(owner, Optional.empty(), Optional.empty(), 2))
                .isEqualTo(all.subList(0, 2));
        assertThat(repository.list(
                        owner, Optional.empty(), Optional.of(all.get(1).id()), 2))
                .isEqualTo(all.subList(2, 4));
        assertThat(repository.list(
                        owner, Optional.empty(), Optional.of(all.get(4).id()), 2))
                .isEmpty();
    }

    @Test
    void listsByStatus() {
        Task first = add(task("1", Optional.empty(), TaskStatus.DONE));
        add(task("2", Optional.empty(), TaskStatus.TODO));
        Task third = add(task("3", Optional.empty(), TaskStatus.DONE));

        assertThat(repository.list(owner, Optional.of(TaskStatus.DONE), Optional.empty(), 10))
                .containsExactly(first, third);
        assertThat(repository.list(owner, Optional.of(TaskStatus.DONE), Optional.of(first.id()), 10))
                .containsExactly(third);
        assertThat(repository.list(owner, Optional.of(TaskStatus.IN_PROGRESS), Optional.empty(), 10))
                .isEmpty();
    }

    @Test
    void pagesAreStableWhenRowsChange() throws Exception {
        List<Task> all = addMany(6);
        List<Task> first = repository.list(owner, Optional.empty(), Optional.empty(), 3);
        UUID last = first.getLast().id();

        repository.remove(owner, last, ANY_VERSION);
        repository.remove(owner, all.getFirst().id(), ANY_VERSION);
        repository.change(owner, all.get(1).id(), title("changed"), ANY_VERSION, LATER);
        Task added = add(task("new", Optional.empty(), TaskStatus.TODO));

        assertThat(repository.list(owner, Optional.empty(), Optional.of(last), 10))
                .containsExactly(all.get(3), all.get(4), all.get(5), added);
    }

    @Test
    void changesOnlyWhatThePatchNames() throws Exception {
        Task task = add(task("title", Optional.of("description"), TaskStatus.TODO));

        Task retitled = repository
                .change(owner, task.id(), title("new"), ANY_VERSION, LATER)
                .orElseThrow();
        assertThat(retitled)
                .isEqualTo(
                        new Task(task.id(), owner, "new", Optional.of("description"), TaskStatus.TODO, 2, NOON, LATER));

        Task done = repository
                .change(owner, task.id(), status(TaskStatus.DONE), ANY_VERSION, LATER)
                .orElseThrow();
        assertThat(done.title()).isEqualTo("new");
        assertThat(done.status()).isEqualTo(TaskStatus.DONE);
        assertThat(done.version()).isEqualTo(3);

        TaskPatch describe = new TaskPatch(Optional.empty(), Optional.of(""), false, Optional.empty());
        assertThat(repository
                        .change(owner, task.id(), describe, ANY_VERSION, LATER)
                        .orElseThrow()
                        .description())
                .contains("");

        TaskPatch remove = new TaskPatch(Optional.empty(), Optional.empty(), true, Optional.empty());
        Task bare =
                repository.change(owner, task.id(), remove, ANY_VERSION, LATER).orElseThrow();
        assertThat(bare.description()).isEmpty();
        assertThat(bare.status()).isEqualTo(TaskStatus.DONE);
        assertThat(repository.find(owner, task.id())).contains(bare);
    }

    @Test
    void changesOnlyTheVersionsAskedFor() throws Exception {
        Task task = add(task("title", Optional.empty(), TaskStatus.TODO));
        repository.change(owner, task.id(), title("second"), Optional.of(Set.of(1L)), LATER);

        assertThatThrownBy(() -> repository.change(owner, task.id(), title("late"), Optional.of(Set.of(1L)), LATER))
                .isInstanceOf(VersionMismatchException.class);
        assertThatThrownBy(() -> repository.change(owner, task.id(), title("late"), Optional.of(Set.of()), LATER))
                .isInstanceOf(VersionMismatchException.class);
        assertThat(repository.find(owner, task.id()).orElseThrow().title()).isEqualTo("second");
        assertThat(repository.change(owner, task.id(), title("third"), Optional.of(Set.of(7L, 2L)), LATER))
                .get()
                .extracting(Task::version)
                .isEqualTo(3L);
    }

    @Test
    void removesOnlyTheVersionsAskedFor() throws Exception {
        Task task = add(task("title", Optional.empty(), TaskStatus.TODO));

        assertThatThrownBy(() -> repository.remove(owner, task.id(), Optional.of(Set.of(2L))))
                .isInstanceOf(VersionMismatchException.class);
        assertThat(repository.find(owner, task.id())).contains(task);
        assertThat(repository.remove(owner, task.id(), Optional.of(Set.of(1L)))).isTrue();
        assertThat(repository.find(owner, task.id())).isEmpty();
        assertThat(repository.remove(owner, task.id(), Optional.of(Set.of(1L)))).isFalse();
        assertThat(repository.remove(owner, task.id(), ANY_VERSION)).isFalse();
    }

    @Test
    void letsOneOfManyChangesOfAVersionWin() throws Exception {
        Task task = add(task("title", Optional.empty(), TaskStatus.TODO));

        List<Boolean> won = atOnce(16, i -> {
            try {
                return repository
                        .change(owner, task.id(), title("by " + i), Optional.of(Set.of(1L)), LATER)
                        .isPresent();
            } catch (VersionMismatchException e) {
                return false;
            }
        });

        assertThat(won).containsOnlyOnce(true);
        assertThat(repository.find(owner, task.id()).orElseThrow().version()).isEqualTo(2);
    }

    @Test
    void losesNoneOfManyChangesOfDifferentFields() throws Exception {
        Task task = add(task("title", Optional.empty(), TaskStatus.TODO));
        List<TaskPatch> patches = List.of(
                title("new"),
                status(TaskStatus.DONE),
                new TaskPatch(Optional.empty(), Optional.of("described"), false, Optional.empty()));

        atOnce(15, i -> repository.change(owner, task.id(), patches.get(i % patches.size()), ANY_VERSION, LATER));

        assertThat(repository.find(owner, task.id()))
                .contains(
                        new Task(task.id(), owner, "new", Optional.of("described"), TaskStatus.DONE, 16, NOON, LATER));
    }

    @Test
    void letsEitherTheChangeOrTheRemovalOfAVersionWin() throws Exception {
        for (int round = 0; round < 10; round++) {
            Task task = add(task("title", Optional.empty(), TaskStatus.TODO));
            List<Boolean> won = atOnce(2, i -> {
                try {
                    return i == 0
                            ? repository
                                    .change(owner, task.id(), title("kept"), Optional.of(Set.of(1L)), LATER)
                                    .isPresent()
                            : repository.remove(owner, task.id(), Optional.of(Set.of(1L)));
                } catch (VersionMismatchException e) {
                    return false;
                }
            });
            assertThat(won).containsOnlyOnce(true);
            assertThat(repository.find(owner, task.id()).isPresent()).isEqualTo(won.getFirst());
        }
    }

    private Task task(String title, Optional<String> description, TaskStatus status) {
        return new Task(ids.next(), owner, title, description, status, 1, NOON, NOON);
    }

    private Task add(Task task) {
        repository.add(task);
        return task;
    }

    private List<Task> addMany(int count) {
        return Stream.generate(() -> add(task("task", Optional.empty(), TaskStatus.TODO)))
                .limit(count)
                .toList();
    }

    private static TaskPatch title(String title) {
        return new TaskPatch(Optional.of(title), Optional.empty(), false, Optional.empty());
    }

    private static TaskPatch status(TaskStatus status) {
        return new TaskPatch(Optional.empty(), Optional.empty(), false, Optional.of(status));
    }

    private interface Attempt<T> {
        T run(int number) throws Exception;
    }

    private static <T> List<T> atOnce(int count, Attempt<T> attempt) throws Exception {
        List<Callable<T>> attempts = IntStream.range(0, count)
                .<Callable<T>>mapToObj(i -> () -> attempt.run(i))
                .toList();
        List<T> results = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<T> result : executor.invokeAll(attempts)) {
                results.add(result.get());
            }
        }
        return results;
    }
}
