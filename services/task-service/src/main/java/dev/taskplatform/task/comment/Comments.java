// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.comment;

import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.kit.http.Preconditions;
import dev.taskplatform.kit.id.UuidGenerator;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.task.change.ChangeLog;
import dev.taskplatform.task.change.EntityKind;
import dev.taskplatform.task.list.ListRole;
import dev.taskplatform.task.task.Tasks;
import dev.taskplatform.task.task.VisibleTask;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What can be done with comments. Who sees a task reads them, and who may change it writes them; only its author changes
 * one, and administrators of the list remove any.
 */
public final class Comments {
    /** Of a task. */
    static final int MOST = 1_000;

    private static final int FORGOTTEN_AT_ONCE = 500;
    private static final ProblemType NOT_THE_AUTHOR = ProblemType.of("not-the-author", 403, "The comment is another's");

    private final CommentRepository repository;
    private final Tasks tasks;
    private final ChangeLog changes;
    private final Transactions transactions;
    private final UuidGenerator ids;
    private final Clock clock;

    /** Collaborators. */
    public Comments(
            CommentRepository repository,
            Tasks tasks,
            ChangeLog changes,
            Transactions transactions,
            UuidGenerator ids,
            Clock clock) {
        this.repository = repository;
        this.tasks = tasks;
        this.changes = changes;
        this.transactions = transactions;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Says something about a task.
     *
     * @throws ProblemException 404, 403, or 409 for too many
     */
    Comment add(UUID user, UUID task, String text) {
        return transactions.inTransaction(() -> {
            VisibleTask about = writable(user, task);
            if (repository.count(task) >= MOST) {
                throw new ProblemException(ProblemType.LIMIT_REACHED, "A task may have %d comments.".formatted(MOST));
            }
            Instant now = clock.instant();
            Comment comment = new Comment(ids.next(), task, Optional.of(user), text, 1, now, now);
            repository.add(comment);
            changes.changed(about.task().list(), EntityKind.COMMENT, comment.id(), now);
            return comment;
        });
    }

    /** What was said about a task that a person can see; 404 when there is no such task. */
    List<Comment> list(UUID user, UUID task, Optional<UUID> after, int limit) {
        tasks.see(user, task);
        return repository.list(task, after, limit);
    }

    /** A comment; 404 when there is none. */
    Comment get(UUID user, UUID task, UUID id) {
        tasks.see(user, task);
        return repository.find(task, id).orElseThrow(Comments::notFound);
    }

    /**
     * Says it otherwise.
     *
     * @throws ProblemException 404, 403 or 412
     */
    Comment change(UUID user, UUID task, UUID id, Optional<Set<Long>> versions, String text) {
        return transactions.inTransaction(() -> {
            VisibleTask about = writable(user, task);
            Comment before = lock(task, id, versions);
            requireAuthor(user, before);
            if (before.text().equals(text)) {
                return before;
            }
            Comment after = before.saying(text, clock.instant());
            repository.update(after);
            changes.changed(about.task().list(), EntityKind.COMMENT, id, after.updatedAt());
            return after;
        });
    }

    /**
     * Takes it back.
     *
     * @throws ProblemException 404, 403 or 412
     */
    void remove(UUID user, UUID task, UUID id, Optional<Set<Long>> versions) {
        transactions.inTransaction(() -> {
            VisibleTask about = writable(user, task);
            Comment comment = lock(task, id, versions);
            if (!about.role().covers(ListRole.ADMIN)) {
                requireAuthor(user, comment);
            }
            repository.remove(id);
            changes.removed(about.task().list(), EntityKind.COMMENT, id, clock.instant());
            return id;
        });
    }

    /** Forgets that a person said things, some at a time. */
    public void forgetAuthor(UUID user) {
        int forgotten;
        do {
            forgotten = repository.forgetAuthor(user, FORGOTTEN_AT_ONCE, clock.instant());
        } while (forgotten == FORGOTTEN_AT_ONCE);
    }

    private VisibleTask writable(UUID user, UUID task) {
        VisibleTask about = tasks.see(user, task);
        about.role().require(ListRole.WRITE);
        return about;
    }

    private Comment lock(UUID task, UUID id, Optional<Set<Long>> versions) {
        Comment comment = repository.lock(task, id).orElseThrow(Comments::notFound);
        if (versions.isPresent() && !versions.get().contains(comment.version())) {
            throw Preconditions.failed();
        }
        return comment;
    }

    private static void requireAuthor(UUID user, Comment comment) {
        if (!comment.author().equals(Optional.of(user))) {
            throw new ProblemException(NOT_THE_AUTHOR, "Only who wrote a comment changes it.");
        }
    }

    private static ProblemException notFound() {
        return new ProblemException(ProblemType.NOT_FOUND, "There is no such comment that you may see.");
    }
}
