// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import dev.taskplatform.kit.json.Choice;

/** How far an import is. */
public enum ImportState implements Choice {
    /** The file is still coming. */
    RECEIVING,
    /** It begins soon. */
    WAITING,
    RUNNING,
    /** All of it that is a task was made one. */
    DONE,
    /** It could not be done to its end; see the errors. */
    FAILED,
    /** The person ended it; what was made until then stays. */
    CANCELLED;

    static ImportState of(String text) {
        return Choice.of(ImportState.class, "A state", text);
    }

    /** Whether nothing more happens. */
    boolean isFinal() {
        return this == DONE || this == FAILED || this == CANCELLED;
    }
}
