// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.sync;

import dev.taskplatform.task.change.EntityKind;
import dev.taskplatform.task.comment.CommentView;
import dev.taskplatform.task.list.ListView;
import dev.taskplatform.task.task.TaskView;
import java.util.UUID;

/**
 * What became of something, as it is now; what is null is not in JSON.
 *
 * @param removed true when the client is to forget it, with all that is in it; otherwise null
 * @param list null unless it is a list that is there; likewise the others
 */
record Item(EntityKind kind, UUID id, Boolean removed, ListView list, TaskView task, CommentView comment) {
    static Item removed(EntityKind kind, UUID id) {
        return new Item(kind, id, true, null, null, null);
    }

    static Item of(ListView list) {
        return new Item(EntityKind.LIST, list.id(), null, list, null, null);
    }

    static Item of(TaskView task) {
        return new Item(EntityKind.TASK, task.id(), null, null, task, null);
    }

    static Item of(CommentView comment) {
        return new Item(EntityKind.COMMENT, comment.id(), null, null, null, comment);
    }
}
