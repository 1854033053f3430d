// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.json.JsonFields;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.task.list.Lists;
import dev.taskplatform.task.task.Task;
import dev.taskplatform.task.task.TaskFields;
import dev.taskplatform.task.task.TaskJson;
import dev.taskplatform.task.task.TaskStatus;
import dev.taskplatform.task.task.Tasks;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes tasks of the rows of imports, a part at a time. Each part is one transaction with the count of what was done, so
 * whatever ends this in the middle, the next attempt, here or in another replica, goes on after the last part.
 */
public final class Importer {
    private static final Logger LOGGER = System.getLogger(Importer.class.getName());

    /** Some tens of milliseconds of work, for which writers of an embedded database wait. */
    private static final int AT_ONCE = 100;

    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final int MOST_ATTEMPTS = 5;
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(15);
    private static final int REMOVED_AT_ONCE = 500;

    private final ImportRepository repository;
    private final Tasks tasks;
    private final Lists lists;
    private final TaskJson taskJson;
    private final ObjectMapper mapper;
    private final Database database;
    private final ImportSettings settings;
    private final Clock clock;

    /** Collaborators. */
    public Importer(
            ImportRepository repository,
            Tasks tasks,
            Lists lists,
            TaskJson taskJson,
            ObjectMapper mapper,
            Database database,
            ImportSettings settings,
            Clock clock) {
        this.repository = repository;
        this.tasks = tasks;
        this.lists = lists;
        this.taskJson = taskJson;
        this.mapper = mapper;
        this.database = database;
        this.settings = settings;
        this.clock = clock;
    }

    /** Does all that there is to do. */
    public void run() {
        for (Optional<ImportWork> work = claim(); work.isPresent(); work = claim()) {
            run(work.get());
        }
    }

    /** Removes what is told no longer. */
    public void purge() {
        Instant now = clock.instant();
        boolean more;
        do {
            more = repository.purge(now.minus(settings.retention()), now.minus(LONGEST_SILENCE), REMOVED_AT_ONCE);
        } while (more && !Thread.currentThread().isInterrupted());
    }

    /** Forgets the imports of a person. */
    public void removeAll(UUID user) {
        boolean done;
        do {
            done = repository.removeSome(user, REMOVED_AT_ONCE);
        } while (!done);
    }

    private Optional<ImportWork> claim() {
        return repository.claim(clock.instant(), LEASE);
    }

    private void run(ImportWork claimed) {
        if (claimed.attempts() > MOST_ATTEMPTS) {
            LOGGER.log(Level.ERROR, "The import {0} came no further in {1} attempts", claimed.id(), MOST_ATTEMPTS);
            ImportWork failed = claimed.withError(
                    new ImportError(0, "The server could not go on; ask its operator for the reason."), false);
            repository.advance(claimed, failed, ImportState.FAILED, clock.instant());
            return;
        }
        Optional<ImportWork> work = Optional.of(claimed);
        try {
            while (work.isPresent() && !Thread.currentThread().isInterrupted()) {
                work = part(work.get());
            }
        } catch (LostException e) {
            LOGGER.log(Level.INFO, "The import {0} was cancelled, or is another replica''s by now", claimed.id());
        }
    }

    /** One part; empty when the import is done, or somebody else's. */
    private Optional<ImportWork> part(ImportWork work) {
        boolean links = work.step() == ImportStep.LINKS;
        List<ImportRow> rows = repository.rows(work.id(), work.doneSeq(), links, AT_ONCE);
        return database.together(() -> {
            ImportWork after = work;
            Map<String, UUID> entities = links ? entities(work, rows) : Map.of();
            for (ImportRow row : rows) {
                after = links ? link(after, row, entities) : make(after, row);
            }
            Instant lease = clock.instant().plus(LEASE);
            boolean isLast = rows.size() < AT_ONCE;
            if (!isLast) {
                after = after.at(rows.getLast().seq(), lease);
            } else {
                after = after.in(ImportStep.LINKS, lease);
            }
            boolean done = isLast && links;
            if (!repository.advance(work, after, done ? ImportState.DONE : ImportState.RUNNING, clock.instant())) {
                throw new LostException();
            }
            return done ? Optional.<ImportWork>empty() : Optional.of(after);
        });
    }

    private ImportWork make(ImportWork work, ImportRow row) {
        try {
            if (row.kind() == ImportRow.Kind.LIST) {
                lists.create(work.user(), row.entity(), row.data(), clock.instant());
                return work;
            }
            tasks.add(work.user(), task(work.user(), row));
            return work.withCreated();
        } catch (ProblemException e) {
            return work.withError(error(row, e), row.kind() == ImportRow.Kind.TASK);
        }
    }

    private Task task(UUID user, ImportRow row) {
        StagedTask staged = staged(row);
        Instant now = clock.instant();
        UUID list = Optional.ofNullable(staged.list()).orElseGet(() -> lists.inbox(user, now));
        if (list.equals(user)) {
            lists.inbox(user, now);
        }
        TaskFields fields = fields(staged);
        Task made = Task.create(row.entity(), list, user, fields.assignedTo(assignees(list, fields)), now);
        boolean isDone = made.fields().status() == TaskStatus.DONE;
        return new Task(
                made.id(),
                made.list(),
                made.creator(),
                made.fields(),
                Optional.ofNullable(staged.position()).orElse(made.position()),
                isDone ? Optional.ofNullable(staged.completedAt()).or(made::completedAt) : Optional.empty(),
                Optional.empty(),
                made.version(),
                Optional.ofNullable(staged.createdAt())
                        .filter(then -> then.isBefore(now))
                        .orElse(now),
                now);
    }

    /** Where tasks come to, others may be known than where they come from. */
    private List<UUID> assignees(UUID list, TaskFields fields) {
        Set<UUID> members = lists.members(list, fields.assignees());
        return fields.assignees().stream().filter(members::contains).toList();
    }

    private ImportWork link(ImportWork work, ImportRow row, Map<String, UUID> entities) {
        StagedTask staged = staged(row);
        List<String> missing =
                refs(staged).filter(ref -> !entities.containsKey(ref)).toList();
        ImportWork after = missing.isEmpty()
                ? work
                : work.withError(
                        new ImportError(row.number(), "The file has no task " + String.join(", ", missing) + "."),
                        false);
        Optional<UUID> parent = Optional.ofNullable(staged.parent()).map(entities::get);
        List<UUID> blockedBy = staged.blockedBy().stream()
                .filter(entities::containsKey)
                .map(entities::get)
                .toList();
        try {
            tasks.change(work.user(), row.entity(), Optional.empty(), fields -> fields.linkedTo(parent, blockedBy));
            return after;
        } catch (ProblemException e) {
            return after.withError(error(row, e), false);
        }
    }

    private Map<String, UUID> entities(ImportWork work, List<ImportRow> rows) {
        Set<String> refs = rows.stream().flatMap(row -> refs(staged(row))).collect(Collectors.toSet());
        return repository.entities(work.id(), refs);
    }

    private static Stream<String> refs(StagedTask staged) {
        return Stream.concat(Stream.ofNullable(staged.parent()), staged.blockedBy().stream());
    }

    private TaskFields fields(StagedTask staged) {
        ObjectNode members = staged.fields();
        return taskJson.fields(new JsonFields(members));
    }

    private StagedTask staged(ImportRow row) {
        try {
            return mapper.readValue(row.data(), StagedTask.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A row of an import is not what this service writes", e);
        }
    }

    private static ImportError error(ImportRow row, ProblemException e) {
        String detail = e.errors().isEmpty()
                ? e.getMessage()
                : e.errors().stream()
                        .map(error -> error.pointer() + ": " + error.detail())
                        .collect(Collectors.joining(" "));
        return new ImportError(row.number(), detail);
    }

    /** Somebody else has the import by now, or it was cancelled: undoes the part. */
    private static final class LostException extends RuntimeException {}
}
