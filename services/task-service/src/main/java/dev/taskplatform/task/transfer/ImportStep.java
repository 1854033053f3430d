// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import dev.taskplatform.kit.json.Choice;

/** The two passes over the rows of an import: what refers to others waits until all are there. */
enum ImportStep implements Choice {
    TASKS,
    LINKS;

    static ImportStep of(String text) {
        return Choice.of(ImportStep.class, "A step", text);
    }
}
