// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import dev.taskplatform.kit.schedule.Repeating;
import dev.taskplatform.kit.server.ServiceServer;
import dev.taskplatform.task.account.UserDirectory;
import dev.taskplatform.task.comment.CommentRepository;
import dev.taskplatform.task.comment.Comments;
import dev.taskplatform.task.comment.CommentsFollowTasks;
import dev.taskplatform.task.comment.CommentsResource;
import dev.taskplatform.task.find.FindResource;
import dev.taskplatform.task.find.NextResource;
import dev.taskplatform.task.find.NextTasks;
import dev.taskplatform.task.find.OpenGraph;
import dev.taskplatform.task.find.TaskFinder;
import dev.taskplatform.task.graph.Dependents;
import dev.taskplatform.task.graph.GraphRepository;
import dev.taskplatform.task.graph.LinksAreSound;
import dev.taskplatform.task.graph.Moves;
import dev.taskplatform.task.graph.MovesResource;
import dev.taskplatform.task.graph.SubTrees;
import dev.taskplatform.task.list.DatabaseListRepository;
import dev.taskplatform.task.list.Departures;
import dev.taskplatform.task.list.ListRepository;
import dev.taskplatform.task.list.Lists;
import dev.taskplatform.task.list.ListsResource;
import dev.taskplatform.task.list.Members;
import dev.taskplatform.task.list.MembersResource;
import dev.taskplatform.task.recurrence.NextOccurrence;
import dev.taskplatform.task.recurrence.RecurrenceHasATime;
import dev.taskplatform.task.reminder.ReminderRepository;
import dev.taskplatform.task.reminder.Reminders;
import dev.taskplatform.task.reminder.RemindersHaveATime;
import dev.taskplatform.task.task.AbandonedLists;
import dev.taskplatform.task.task.AssigneesAreMembers;
import dev.taskplatform.task.task.Assignments;
import dev.taskplatform.task.task.Creators;
import dev.taskplatform.task.task.DatabaseTaskRepository;
import dev.taskplatform.task.task.TaskJson;
import dev.taskplatform.task.task.TaskRepository;
import dev.taskplatform.task.task.TaskWrites;
import dev.taskplatform.task.task.Tasks;
import dev.taskplatform.task.task.TasksResource;
import dev.taskplatform.task.trash.Trash;
import dev.taskplatform.task.trash.TrashResource;
import dev.taskplatform.task.webhook.Outbox;
import io.helidon.config.Config;
import io.helidon.webserver.http.HttpRules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Lists, their members and tasks, and what is said about them. */
final class TaskWiring {
    private static final Duration PURGE = Duration.ofSeconds(30);
    private static final Duration REMINDERS = Duration.ofSeconds(5);
    private static final Duration TRASH_PURGE = Duration.ofMinutes(10);
    private static final Duration LEAST_RETENTION = Duration.ofHours(1);

    private final Essentials essentials;
    private final ListRepository listRepository;
    private final CommentRepository commentRepository;
    private final Lists lists;
    private final TaskJson json;
    private final Tasks tasks;
    private final Departures departures;
    private final Assignments assignments;
    private final Creators creators;
    private final Comments comments;
    private final Trash trash;
    private final Reminders reminders;
    private final AbandonedLists abandoned;
    private final ListsResource listsResource;
    private final MembersResource membersResource;
    private final TaskFinder finder;
    private final NextResource nextResource;
    private final FindResource findResource;
    private final TasksResource tasksResource;
    private final MovesResource movesResource;
    private final TrashResource trashResource;
    private final CommentsResource commentsResource;

    TaskWiring(Essentials essentials, UserDirectory users, Outbox outbox) {
        this.essentials = essentials;
        listRepository = new DatabaseListRepository(essentials.database(), essentials.positions());
        commentRepository = new CommentRepository(essentials.database());
        TaskRepository repository = new DatabaseTaskRepository(essentials.database(), essentials.mapper());
        lists = new Lists(listRepository, essentials.database(), essentials.changes());
        json = new TaskJson(essentials.mapper());
        GraphRepository graph = new GraphRepository(essentials.database());
        reminders = new Reminders(
                new ReminderRepository(essentials.database(), essentials.mapper()),
                outbox,
                essentials.database(),
                essentials.clock());
        TaskWrites writes = new TaskWrites(
                repository,
                lists,
                List.of(
                        new AssigneesAreMembers(listRepository),
                        new LinksAreSound(graph),
                        new RecurrenceHasATime(),
                        new RemindersHaveATime()),
                List.of(
                        new CommentsFollowTasks(commentRepository, essentials.changes()),
                        new NextOccurrence(essentials.ids()),
                        reminders,
                        outbox),
                essentials.changes(),
                essentials.random(),
                essentials.clock());
        tasks = new Tasks(repository, writes, lists, essentials.database(), essentials.ids());
        SubTrees subTrees = new SubTrees(graph, repository);
        Dependents dependents = new Dependents(graph, repository, writes);
        trash = new Trash(
                writes,
                repository,
                subTrees,
                dependents,
                essentials.changes(),
                essentials.database(),
                essentials.live().setting(TaskWiring::retention));
        assignments = new Assignments(repository, essentials.changes(), essentials.database());
        creators = new Creators(repository, essentials.changes(), essentials.database());
        departures = new Departures(lists, listRepository, essentials.database());
        abandoned = new AbandonedLists(repository, listRepository);
        comments = new Comments(
                commentRepository,
                tasks,
                essentials.changes(),
                essentials.database(),
                essentials.ids(),
                essentials.clock());
        listsResource = new ListsResource(
                lists,
                essentials.cursors(),
                essentials.bearer(),
                essentials.idempotency(),
                essentials.json(),
                essentials.ids(),
                essentials.clock());
        membersResource = new MembersResource(
                new Members(lists, listRepository, assignments, essentials.database()),
                users,
                essentials.bearer(),
                essentials.json(),
                essentials.clock());
        finder = new TaskFinder(essentials.database(), essentials.mapper());
        nextResource = new NextResource(
                new NextTasks(finder, new OpenGraph(essentials.database(), essentials.mapper()), essentials.clock()),
                essentials.bearer());
        findResource = new FindResource(finder, essentials.cursors(), essentials.bearer(), essentials.mapper());
        tasksResource =
                new TasksResource(tasks, json, essentials.bearer(), essentials.idempotency(), essentials.json());
        movesResource = new MovesResource(
                new Moves(writes, repository, graph, subTrees, dependents, lists, essentials.database()),
                essentials.bearer(),
                essentials.json());
        trashResource = new TrashResource(trash, essentials.cursors(), essentials.bearer());
        commentsResource = new CommentsResource(
                comments, essentials.cursors(), essentials.bearer(), essentials.idempotency(), essentials.json());
    }

    ListRepository listRepository() {
        return listRepository;
    }

    CommentRepository commentRepository() {
        return commentRepository;
    }

    Trash trash() {
        return trash;
    }

    Lists lists() {
        return lists;
    }

    TaskJson json() {
        return json;
    }

    TaskFinder finder() {
        return finder;
    }

    Tasks tasks() {
        return tasks;
    }

    /** Removes all that is a person's alone, and takes them out of what is others', too; a repeat does no harm. */
    void removeAll(UUID user) {
        Instant now = essentials.clock().instant();
        departures.leaveAll(user, now);
        assignments.removeAll(user, now);
        abandoned.remove();
        creators.forget(user, now);
        comments.forgetAuthor(user);
    }

    void routes(HttpRules rules) {
        rules.register("/v1/lists", listsResource)
                .register("/v1/lists/{listId}/members", membersResource)
                .register("/v1/tasks/next", nextResource)
                .register("/v1/tasks", findResource, tasksResource)
                .register("/v1/tasks/{id}/move", movesResource)
                .register("/v1/tasks/{taskId}/comments", commentsResource)
                .register(trashResource);
    }

    private static Duration retention(Config config) {
        Duration retention = config.get("trash.retention").as(Duration.class).get();
        if (retention.compareTo(LEAST_RETENTION) < 0) {
            throw new IllegalArgumentException(
                    "trash.retention: must be %s or more, but is %s".formatted(LEAST_RETENTION, retention));
        }
        return retention;
    }

    void supervise(ServiceServer.Builder server) {
        server.closing(Repeating.start("abandoned-lists", () -> PURGE, essentials.random(), abandoned::remove))
                .closing(Repeating.start("reminders", () -> REMINDERS, essentials.random(), reminders::remind))
                .closing(Repeating.start("trash-purge", () -> TRASH_PURGE, essentials.random(), trash::purge));
    }
}
