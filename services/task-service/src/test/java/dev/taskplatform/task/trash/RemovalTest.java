// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.trash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.kit.json.Json;
import dev.taskplatform.task.change.ChangeClock;
import dev.taskplatform.task.change.ChangeLog;
import dev.taskplatform.task.change.DatabaseChangeLog;
import dev.taskplatform.task.graph.Dependents;
import dev.taskplatform.task.graph.GraphRepository;
import dev.taskplatform.task.graph.SubTrees;
import dev.taskplatform.task.list.DatabaseListRepository;
import dev.taskplatform.task.list.Departures;
import dev.taskplatform.task.list.ListRepository;
import dev.taskplatform.task.list.ListRole;
import dev.taskplatform.task.list.Lists;
import dev.taskplatform.task.list.Member;
import dev.taskplatform.task.list.TaskList;
import dev.taskplatform.task.task.AbandonedLists;
import dev.taskplatform.task.task.DatabaseTaskRepository;
import dev.taskplatform.task.task.Task;
import dev.taskplatform.task.task.TaskFields;
import dev.taskplatform.task.task.TaskRepository;
import dev.taskplatform.task.task.TaskWrites;
import dev.taskplatform.task.task.VisibleTask;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is removed for good in the background, whatever the database. */
@OnEveryDatabase
class RemovalTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration RETENTION = Duration.ofDays(30);

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final UUID user = UUID.randomUUID();
    private final DatabaseUnderTest underTest;
    private Database database;
    private ListRepository listRepository;
    private TaskRepository tasks;
    private Lists lists;
    private Trash trash;

    RemovalTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @BeforeEach
    void open() {
        database = underTest.open();
        InstantSource source = now::get;
        Clock clock = source.withZone(ZoneOffset.UTC);
        ChangeClock positions = new ChangeClock(database);
        ChangeLog changes = new DatabaseChangeLog(database, positions);
        listRepository = new DatabaseListRepository(database, positions);
        tasks = new DatabaseTaskRepository(database, Json.mapper());
        lists = new Lists(listRepository, database, changes);
        GraphRepository graph = new GraphRepository(database);
        TaskWrites writes = new TaskWrites(tasks, lists, List.of(), List.of(), changes, new Random(1), clock);
        trash = new Trash(
                writes,
                tasks,
                new SubTrees(graph, tasks),
                new Dependents(graph, tasks, writes),
                changes,
                database,
                () -> RETENTION);
        list(user, true);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void removesWhatIsInTheTrashForLongAndHasNothingWaitForIt() {
        Task old = add(user, TaskFields.of("old"));
        Task waiting = add(user, TaskFields.of("waiting").linkedTo(Optional.empty(), List.of(old.id())));
        trash.put(user, old.id(), Optional.empty());
        now.set(NOON.plus(Duration.ofDays(10)));
        Task young = add(user, TaskFields.of("young"));
        trash.put(user, young.id(), Optional.empty());

        now.set(NOON.plus(RETENTION));
        trash.purge();
        assertThat(find(old)).isPresent();
        now.set(NOON.plus(RETENTION).plusSeconds(1));
        trash.purge();
        assertThat(find(old)).isEmpty();
        assertThat(find(young)).isPresent();
        assertThat(find(waiting).orElseThrow().fields().blockedBy()).isEmpty();
        assertThat(find(waiting).orElseThrow().version()).isEqualTo(2);
    }

    @Test
    void removesOnceFromManyReplicas() throws Exception {
        for (int i = 0; i < 250; i++) {
            trash.put(user, add(user, TaskFields.of("t" + i)).id(), Optional.empty());
        }
        now.set(NOON.plus(RETENTION).plusSeconds(1));
        List<Callable<Void>> replicas = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            replicas.add(() -> {
                trash.purge();
                return null;
            });
        }
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> done : executor.invokeAll(replicas)) {
                done.get();
            }
        }
        trash.purge();
        assertThat(rows("task WHERE list_id = :list", user)).isZero();
        assertThat(rows("change WHERE kind = 'task' AND removed AND list_id = :list", user))
                .isEqualTo(250);
    }

    @Test
    void removesListsThatNobodySees() {
        UUID list = list(user, false);
        for (int i = 0; i < 3; i++) {
            add(list, TaskFields.of("t" + i));
        }
        lists.remove(user, list, Optional.empty(), NOON);
        assertThat(rows("task WHERE list_id = :list", list)).isEqualTo(3);

        AbandonedLists abandoned = new AbandonedLists(tasks, listRepository);
        abandoned.remove();
        abandoned.remove();
        for (String table :
                List.of("task WHERE list_id", "change WHERE list_id", "list WHERE id", "list_removal WHERE list_id")) {
            assertThat(rows(table + " = :list", list)).as(table).isZero();
        }
        assertThat(rows("list_departure WHERE list_id = :list", list)).isEqualTo(1);
    }

    @Test
    void handsListsOnToWhoHasTheHighestRoleForLongest() {
        UUID list = list(user, false);
        UUID reader = UUID.randomUUID();
        UUID first = UUID.randomUUID();
        UUID second = UUID.randomUUID();
        listRepository.putMember(list, new Member(reader, ListRole.READ));
        listRepository.putMember(list, new Member(first, ListRole.WRITE));
        listRepository.putMember(list, new Member(second, ListRole.WRITE));

        Departures departures = new Departures(lists, listRepository, database);
        departures.leaveAll(user, NOON);
        departures.leaveAll(user, NOON);
        assertThat(listRepository.members(list))
                .containsExactly(
                        new Member(first, ListRole.OWNER),
                        new Member(second, ListRole.WRITE),
                        new Member(reader, ListRole.READ));
        assertThat(listRepository.joined(user, 10)).isEmpty();
    }

    private UUID list(UUID owner, boolean inbox) {
        UUID id = inbox ? owner : UUID.randomUUID();
        listRepository.add(new TaskList(id, "list", inbox, 1, NOON, NOON), owner);
        return id;
    }

    private Task add(UUID list, TaskFields fields) {
        Task task = Task.create(UUID.randomUUID(), list, user, fields, now.get());
        tasks.add(task);
        return task;
    }

    private Optional<Task> find(Task task) {
        return tasks.find(user, task.id()).map(VisibleTask::task);
    }

    private int rows(String from, UUID list) {
        return database.read(handle -> handle.createQuery("SELECT count(*) FROM " + from)
                .bind("list", list)
                .mapTo(Integer.class)
                .one());
    }
}
