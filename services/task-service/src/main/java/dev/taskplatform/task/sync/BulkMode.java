// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.sync;

import dev.taskplatform.kit.json.Choice;

/** What becomes of the other operations when one fails. */
enum BulkMode implements Choice {
    /** All or nothing. */
    ATOMIC,
    /** Each on its own. */
    INDEPENDENT;

    static BulkMode of(String text) {
        return Choice.of(BulkMode.class, "A mode", text);
    }
}
