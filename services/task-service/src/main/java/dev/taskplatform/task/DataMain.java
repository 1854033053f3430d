// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import dev.taskplatform.kit.data.DataProcess;

/** Backs the task service's database up, restores it, or moves it to PostgreSQL; see {@link dev.taskplatform.kit.data}. */
public final class DataMain {
    private DataMain() {}

    /** Does the command that the argument names, and ends the process. */
    public static void main(String[] args) {
        DataProcess.run(args);
    }
}
