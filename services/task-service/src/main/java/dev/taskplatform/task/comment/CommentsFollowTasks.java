// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.comment;

import dev.taskplatform.task.change.ChangeLog;
import dev.taskplatform.task.change.EntityKind;
import dev.taskplatform.task.task.Task;
import dev.taskplatform.task.task.TaskChange;
import dev.taskplatform.task.task.TaskListener;
import dev.taskplatform.task.task.TaskWrites;
import java.util.Optional;

/** Comments come back with their task, and move with it, also for clients that keep copies. */
public final class CommentsFollowTasks implements TaskListener {
    private final CommentRepository repository;
    private final ChangeLog changes;

    /** Collaborators. */
    public CommentsFollowTasks(CommentRepository repository, ChangeLog changes) {
        this.repository = repository;
        this.changes = changes;
    }

    @Override
    public void changed(TaskChange change, TaskWrites writes) {
        Task after = change.after();
        boolean appears = change.before()
                .filter(before ->
                        after.isThere() && (!before.isThere() || !before.list().equals(after.list())))
                .isPresent();
        if (appears) {
            repository
                    .list(after.id(), Optional.empty(), Comments.MOST)
                    .forEach(comment ->
                            changes.changed(after.list(), EntityKind.COMMENT, comment.id(), after.updatedAt()));
        }
    }
}
