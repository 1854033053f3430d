// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import java.util.Optional;

/** What must be so of a task beside what its fields say each for itself. */
@FunctionalInterface
public interface TaskRule {
    /**
     * Checks it, in the transaction that would write it.
     *
     * @param before empty for a new task
     * @throws dev.taskplatform.kit.problem.ProblemException saying what is not as it must be; then nothing is written
     */
    void check(Optional<Task> before, Task after);
}
