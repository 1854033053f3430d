// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import dev.taskplatform.task.list.TaskList;
import dev.taskplatform.task.task.TaskView;
import java.io.IOException;

/** Writes a file of tasks as they come. Closing it writes the end of the file, but does not close what it writes to. */
interface ItemWriter extends AutoCloseable {
    /** Begins a list; the tasks that follow are in it. */
    void list(TaskList list) throws IOException;

    /** Writes a task of the list that was begun last. */
    void task(TaskView task) throws IOException;

    @Override
    void close() throws IOException;
}
