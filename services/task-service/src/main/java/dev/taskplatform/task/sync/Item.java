// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.sync;

import dev.taskplatform.kit.http.EntityTag;
import dev.taskplatform.task.change.EntityKind;
import dev.taskplatform.task.comment.Comment;
import dev.taskplatform.task.comment.CommentView;
import dev.taskplatform.task.list.ListView;
import dev.taskplatform.task.list.TaskList;
import dev.taskplatform.task.list.VisibleList;
import dev.taskplatform.task.task.Task;
import dev.taskplatform.task.task.TaskView;
import java.util.UUID;

/**
 * What became of something, as it is now; what is null is not in JSON.
 *
 * @param removed true when the client is to forget it, with all that is in it; otherwise null
 * @param etag of what is there
 * @param list null unless it is a list that is there; likewise the others
 */
record Item(EntityKind kind, UUID id, Boolean removed, String etag, ListView list, TaskView task, CommentView comment) {
    static Item removed(EntityKind kind, UUID id) {
        return new Item(kind, id, true, null, null, null, null);
    }

    static Item of(VisibleList found) {
        TaskList list = found.list();
        return new Item(EntityKind.LIST, list.id(), null, tag(list.version()), ListView.of(found), null, null);
    }

    static Item of(Task task) {
        return new Item(EntityKind.TASK, task.id(), null, tag(task.version()), null, TaskView.of(task), null);
    }

    static Item of(Comment comment) {
        return new Item(
                EntityKind.COMMENT, comment.id(), null, tag(comment.version()), null, null, CommentView.of(comment));
    }

    private static String tag(long version) {
        return EntityTag.ofVersion(version).toString();
    }
}
