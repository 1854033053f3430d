// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

/** Does what follows from a change of a task. */
@FunctionalInterface
public interface TaskListener {
    /**
     * Called after the change was written, in its transaction; so what this writes is kept just if the change is.
     *
     * @param writes for other tasks that follow from it
     */
    void changed(TaskChange change, TaskWrites writes);
}
